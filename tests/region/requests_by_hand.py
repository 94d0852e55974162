"""Requests to a region as a stranger would send them: byte by byte, signed or not, with any header."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from vpn_lab.region import Region

IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)


def ask(
    port: int,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes | str = b"",
    *,
    host: str = "",
) -> Answer:
    """Send one request, with exactly these headers and a Host."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    content = body.encode() if isinstance(body, str) else body
    link.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in {"host": host or f"127.0.0.1:{port}", **(headers or {})}.items():
        link.putheader(name, value)
    link.putheader("content-length", str(len(content)))
    link.endheaders(content)
    answered = link.getresponse()
    found = Answer(
        answered.status,
        answered.read().decode(errors="replace"),
        {name.lower(): value for name, value in answered.headers.items()},
    )
    link.close()
    return found


def credentials(region: Region, **other: str) -> Credentials:
    """The keys that ``env`` hands out, with some of them exchanged."""
    given = region.environment()
    keys = {"access_key": given["AWS_ACCESS_KEY_ID"], "secret_key": given["AWS_SECRET_ACCESS_KEY"], **other}
    return Credentials(**keys)


def client(region: Region, service: str, key: str, secret: str, token: str | None = None) -> Any:
    """A boto3 client with any keys."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=region.endpoint,
        region_name=region.settings.region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


def signed(
    region: Region,
    service: str = "sts",
    body: str = IDENTITY,
    *,
    keys: Credentials | None = None,
    later: timedelta = timedelta(),
    host: str = "",
    headers: dict[str, str] | None = None,
    method: str = "POST",
    path: str = "/",
) -> dict[str, str]:
    """The headers of a request that was signed now, or ``later``."""
    used = keys or credentials(region)
    request = AWSRequest(method, f"http://{host or f'127.0.0.1:{region.port}'}{path}", headers or FORM, body.encode())
    request.context["timestamp"] = (datetime.now(UTC) + later).strftime("%Y%m%dT%H%M%SZ")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if used.token:
        request.headers["X-Amz-Security-Token"] = used.token
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(used, service, region.settings.region)
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    names = signer.signed_headers(signer.headers_to_sign(request))
    request.headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={names}, Signature={signature}"
    )
    return dict(request.headers.items())


def page(region: Region, method: str, name: str, body: Any = None, **headers: str) -> Answer:
    """Ask a control page, with the region's token unless ``headers`` has another."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    token = {"x-region-token": region.environment()["REGION_TOKEN"]}
    return ask(region.port, method, f"/_region/{name}", {**token, **headers}, content)


def changed(url: str, **parameters: str | None) -> str:
    """The path and query of a URL with other parameters; None takes one away."""
    split = urlsplit(url)
    query = {**{name: values[0] for name, values in parse_qs(split.query).items()}, **parameters}
    return f"{split.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def target(url: str) -> str:
    """The path and query of a URL, as they are."""
    split = urlsplit(url)
    return f"{split.path}?{split.query}"
