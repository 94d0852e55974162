"""The gate: every request passes it before an emulator or a control page sees it.

Emulated Lambda functions run with the rights of the user who started the region, so anyone who can call the region can
do what that user can. Therefore a request must come from a program, not from a web page, must be for a host name of the
region, and must be signed: with keys of the region, or, for the control pages, with its token.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from vpn_lab.region.guard import refusal, signed_urls
from vpn_lab.region.guard.credentials import Directory
from vpn_lab.region.guard.hosts import Hosts
from vpn_lab.region.guard.keys import TOKEN_HEADER, Keys
from vpn_lab.region.guard.legacy_signature import LegacySignature
from vpn_lab.region.guard.refusal import RefusedError, Send
from vpn_lab.region.guard.request import Receive, Request, read_body
from vpn_lab.region.guard.signature import Signature

Scope = dict[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MEBIBYTE = 1 << 20
LONGEST_PAGE = MEBIBYTE
LONGEST_OBJECT = 1024 * MEBIBYTE
LONGEST_CALL = 100 * MEBIBYTE
"""Of an API other than S3; the longest of AWS is a Lambda function of 50 MiB in base64."""
FOREIGN_PAGES = ("/_ministack/", "/_localstack/")
ONLY_HERE = "the local region answers only programs that use the environment of `python -m vpn_lab.region env`"


class Gate:
    """Lets pass what may pass, and refuses everything else with 403."""

    def __init__(self, application: Application, pages: str, keys: Keys, hosts: Hosts, directory: Directory) -> None:
        self._application = application
        self._pages = pages
        self._keys = keys
        self._hosts = hosts
        self._directory = directory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close"})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = Request.of(scope)
            host = self._check_origin(request)
            if scope["path"].startswith(self._pages):
                self._check_token(request)
                body = await read_body(receive, LONGEST_PAGE)
            else:
                body = await self._signed_body(request, self._signature(request, scope["path"]), host, receive)
        except RefusedError as problem:
            await self._refuse(scope, problem, send)
        except ConnectionError:
            return
        else:
            others = [one for one in scope["headers"] if one[0].lower() != b"host"]
            routed = {**scope, "headers": [*others, (b"host", self._hosts.routed(host).encode())]}
            await self._application(routed, _replayed(body, receive), _without_cors(send))

    async def _refuse(self, scope: Scope, problem: RefusedError, send: Send) -> None:
        if scope["path"].startswith(self._pages):
            kind, content = b"application/json", json.dumps({"error": problem.message}).encode()
        else:
            kind, content = refusal.answer(problem, scope.get("headers", ()), scope.get("query_string", b""))
        await refusal.send(kind, content, problem.status, send)

    def _check_origin(self, request: Request) -> str:
        """Refuse web pages: what they send has an ``Origin``, or the name of a foreign host."""
        host = request.one("host") or ""
        if request.all("origin") or host.lower() not in self._hosts:
            raise RefusedError("AccessDenied", ONLY_HERE)
        return host.lower()

    def _check_token(self, request: Request) -> None:
        given = request.one(TOKEN_HEADER) or ""
        if not hmac.compare_digest(given.encode(), self._keys.token.encode()):
            raise RefusedError("AccessDenied", f"the header {TOKEN_HEADER} must have the token of this region")

    def _signature(self, request: Request, path: str) -> Signature | LegacySignature:
        if path.startswith(FOREIGN_PAGES) and not signed_urls.is_for(request.method, path):
            raise RefusedError("AccessDenied", "the local region has no such page")
        found = Signature.of(request) or LegacySignature.of(request)
        if found is None:
            raise RefusedError("MissingAuthenticationToken", f"Request is missing Authentication Token: {ONLY_HERE}")
        return found

    async def _signed_body(
        self, request: Request, signature: Signature | LegacySignature, host: str, receive: Receive
    ) -> bytes:
        """Check the signature, before the body is read if it does not need the body."""
        now = datetime.now(UTC)
        credentials = self._directory.find(signature.access_key_id, signature.token)
        if isinstance(signature, LegacySignature):
            signature.check(request, credentials, self._hosts.bucket(host), now)
            return await read_body(receive, LONGEST_OBJECT)
        digest = request.one("x-amz-content-sha256")
        if digest is None and not (signature.service == "s3" and signature.expires is not None):
            body = await read_body(receive, LONGEST_CALL)
            signature.check(request, credentials, body, now)
            return body
        signature.check(request, credentials, b"", now)
        body = await read_body(receive, LONGEST_OBJECT)
        if digest is not None:
            signature.check_payload(digest, body)
        return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read to an application, and what comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, Any]:
        return waiting.pop() if waiting else await receive()

    return again


def _without_cors(send: Send) -> Send:
    """Take away the headers with which ministack would let any web page read the answer."""

    async def forward(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [one for one in message.get("headers", []) if not one[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return forward
