"""How the region refuses a request, in the words and the format that the client of each AWS service expects."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from email.utils import formatdate
from typing import Any
from xml.sax.saxutils import escape

Send = Callable[[dict[str, Any]], Awaitable[None]]

FORBIDDEN = 403
TOO_LARGE = 413

_SCOPE = re.compile(rb"(?:/|%2F)(?P<service>[a-z0-9-]+)(?:/|%2F)aws4_request")
# AWS's services name the same reasons differently.
_EC2 = {
    "InvalidClientTokenId": "AuthFailure",
    "InvalidToken": "AuthFailure",
    "SignatureDoesNotMatch": "AuthFailure",
    "MissingAuthenticationToken": "AuthFailure",
    "RequestTimeTooSkewed": "RequestExpired",
}
_S3 = {
    "InvalidClientTokenId": "InvalidAccessKeyId",
    "MissingAuthenticationToken": "AccessDenied",
    "RequestExpired": "AccessDenied",
}
_JSON = {
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "InvalidToken": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "RequestExpired": "InvalidSignatureException",
    "RequestTimeTooSkewed": "InvalidSignatureException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}


class RefusedError(Exception):
    """A request that no emulator and no control page may see."""

    def __init__(self, code: str, message: str, status: int = FORBIDDEN) -> None:
        self.code = code
        self.message = message
        self.status = status
        super().__init__(f"{code}: {message}")


def answer(problem: RefusedError, headers: Iterable[tuple[bytes, bytes]], query: bytes) -> tuple[bytes, bytes]:
    """Return the content type and the body that tell a client why it was refused."""
    names = {name.lower(): value for name, value in headers}
    scope = _SCOPE.search(names.get(b"authorization", b"") + query)
    service = scope["service"].decode("latin-1") if scope else ""
    if service == "lambda" or b"x-amz-target" in names:
        code = _JSON.get(problem.code, problem.code)
        return b"application/json", json.dumps({"__type": code, "message": problem.message}).encode()
    message = escape(problem.message)
    if service == "s3":
        code = _S3.get(problem.code, problem.code)
        return b"application/xml", f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    code = _EC2.get(problem.code, problem.code) if service == "ec2" else problem.code
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    whole = f"<Response><Errors>{error}</Errors></Response>" if service == "ec2" else _query_error(error)
    return b"text/xml", whole.encode()


def _query_error(error: str) -> str:
    return f"<ErrorResponse>{error}<RequestId>none</RequestId></ErrorResponse>"


async def send(content_type: bytes, body: bytes, status: int, to: Send) -> None:
    """Send a whole answer. Its date is that from which clients with a wrong clock learn the time."""
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"date", formatdate(usegmt=True).encode()),
    ]
    await to({"type": "http.response.start", "status": status, "headers": headers})
    await to({"type": "http.response.body", "body": body})
