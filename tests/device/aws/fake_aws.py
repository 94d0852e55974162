"""A metadata service and an API on loopback, which check what they are asked as AWS does."""

from __future__ import annotations

import email.utils
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ROLE = "/latest/meta-data/iam/security-credentials/"
REGION = "eu-west-1"


def keys(number: int) -> dict[str, str]:
    """The credentials that the role has for the so-manieth time."""
    return {"AccessKeyId": f"AKID{number}", "SecretAccessKey": f"canarySecret{number}", "Token": f"canaryToken{number}"}


class FakeAws:
    """Both services; ``offset`` is what AWS's clock is ahead, ``number`` which credentials are good."""

    def __init__(self) -> None:
        self.number = 1
        self.given = 1
        self.offset = 0.0
        self.metadata_is_away = False
        self.answers: list[tuple[int, str]] = []
        self.calls: list[dict[str, str]] = []
        self.connections = 0
        self.tokens = 0
        self.hold = threading.Event()
        self.hold.set()
        self.closes = False

    def evaluate(self, headers: Any, body: bytes, path: str, service: str) -> tuple[int, str]:
        """Answer an API's request: with the error that AWS would give, or with what the test wants."""
        moment = headers["X-Amz-Date"]
        age = time.time() + self.offset - time.mktime(time.strptime(moment, "%Y%m%dT%H%M%SZ")) + time.timezone
        if abs(age) > 300:
            return 401, _error("AuthFailure", "AWS was not able to validate the provided access credentials")
        good = keys(self.number)
        if headers["Authorization"] != _expected(headers, body, path, service, good):
            # as the real services do, with all that was signed
            return 403, json.dumps({"__type": "x#InvalidSignatureException", "message": f"should be {good['Token']}"})
        if self.answers:
            return self.answers.pop(0)
        return 200, "<ok/>"


def _expected(headers: Any, body: bytes, path: str, service: str, good: dict[str, str]) -> str:
    names = re.findall(r"SignedHeaders=([^,]*)", headers["Authorization"])[0].split(";")
    request = AWSRequest("POST", f"http://{headers['Host']}{path}", data=body)
    for name in names:
        if name not in ("host", "x-amz-security-token", "x-amz-date"):
            request.headers[name] = headers[name]
    request.context["timestamp"] = headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = headers["X-Amz-Date"]
    request.headers["X-Amz-Security-Token"] = good["Token"]
    auth = SigV4Auth(Credentials(good["AccessKeyId"], good["SecretAccessKey"], good["Token"]), service, REGION)
    canonical = auth.canonical_request(request)
    return (
        f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, SignedHeaders={';'.join(names)}, "
        f"Signature={auth.signature(auth.string_to_sign(request, canonical), request)}"
    )


def _error(code: str, message: str) -> str:
    return f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"


def handler_of(fake: FakeAws) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            fake.connections += 1
            super().setup()

        def do_PUT(self) -> None:
            fake.tokens += 1
            self.reply(*((503, "") if fake.metadata_is_away else (200, "token")))

        def do_GET(self) -> None:
            if self.headers.get("X-aws-ec2-metadata-token") != "token":
                self.reply(401, "")
            elif self.path == ROLE:
                self.reply(200, "device-role")
            elif self.path == f"{ROLE}device-role":
                self.reply(200, json.dumps({"Code": "Success", **keys(fake.given)}))
            elif self.path == "/latest/meta-data/services/domain":
                self.reply(200, "amazonaws.example")
            else:
                self.reply(404, "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers.get("X-Amz-Target", "")
            call = {"target": target, "body": body.decode()} if target else {}
            fake.calls.append(call or {name: values[0] for name, values in parse_qs(body.decode()).items()})
            fake.hold.wait(10)
            self.reply(*fake.evaluate(self.headers, body, self.path, "logs" if target else "ec2"))
            if fake.closes:
                # without having said so, as a server that has waited long enough
                self.close_connection = True

        def reply(self, status: int, text: str) -> None:
            content = text.encode()
            self.send_response_only(status)
            self.send_header("Date", email.utils.formatdate(time.time() + fake.offset, usegmt=True))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def served(fake: FakeAws, certificate: Path | None = None) -> Iterator[int]:
    """Serve on a port of loopback, with TLS if there is a file with a certificate and its key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(fake))
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        fake.hold.set()
        server.shutdown()
        server.server_close()
