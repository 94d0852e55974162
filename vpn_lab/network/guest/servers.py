"""The services that AWS provides to an instance: metadata (IMDSv2), and access to the regional endpoints."""

from __future__ import annotations

import secrets
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn

from vpn_lab.network.guest.commands import listener_in

METADATA_ADDRESS = "169.254.169.254"
REGION = ("10.0.2.100", 80)
TOKEN = "/latest/api/token"  # noqa: S105 -- a path


class MetadataRequests(BaseHTTPRequestHandler):
    """Answers only requests with a token, as with ``HttpTokens: required``."""

    server: MetadataService
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        if self.path == TOKEN and self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "").isdigit():
            token = secrets.token_urlsafe(32)
            self.server.tokens.add((self.client_address[0], token))
            self._answer(200, token)
        else:
            self._answer(400, "")

    def do_GET(self) -> None:
        source = self.client_address[0]
        pages = self.server.pages.get(source)
        if (source, self.headers.get("X-aws-ec2-metadata-token")) not in self.server.tokens:
            self._answer(401, "")
        elif pages is None or self.path.rstrip("/") not in pages:
            self._answer(404, "")
        else:
            self._answer(200, pages[self.path.rstrip("/")])

    def _answer(self, code: int, text: str) -> None:
        content = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing to the console."""


class MetadataService(ThreadingMixIn, HTTPServer):
    """The metadata service of one VPC; it knows an instance by its address."""

    daemon_threads = True

    def __init__(self, namespace: str) -> None:
        super().__init__(("", 0), MetadataRequests, bind_and_activate=False)
        self.socket.close()
        self.socket = listener_in(namespace, METADATA_ADDRESS, 80)
        self.pages: dict[str, dict[str, str]] = {}
        self.tokens: set[tuple[str, str]] = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def show(self, pages: dict[str, dict[str, str]]) -> None:
        """Serve these pages from now on: by the instance's address, and by path."""
        self.pages = pages

    def close(self) -> None:
        """Stop the service."""
        self.shutdown()
        self.server_close()


class RegionRelay:
    """Makes the region answer at 127.0.0.1 of one node, on the port that it has on the host."""

    def __init__(self, namespace: str, port: int) -> None:
        self._listener = listener_in(namespace, "127.0.0.1", port)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more connections: from the node, the region is unreachable."""
        # close() alone does not wake the accepting thread
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(REGION, timeout=10)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        back = threading.Thread(target=_copy, args=(far, near), daemon=True)
        back.start()
        _copy(near, far)
        back.join()
        near.close()
        far.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # one side is gone: tell the other
        for end in (source, target):
            end.close()
