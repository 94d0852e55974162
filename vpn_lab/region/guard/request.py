"""A request as it was received: only so can its signature be checked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs

from vpn_lab.region.guard.refusal import TOO_LARGE, RefusedError

Receive = Callable[[], Awaitable[dict[str, Any]]]

_TARGET = re.compile(r"/[!-\"$-~]*")
"""What may be in a path and a query: printable ASCII without ``#``, which URL parsers would cut off."""


@dataclass(frozen=True)
class Request:
    """The parts of a request that can be signed, except the body."""

    method: str
    path: str
    """As it was sent, with percent-encoding."""
    query: str
    """As it was sent, without the question mark."""
    headers: tuple[tuple[str, str], ...]
    """With names in lower case, in the order in which they were sent."""

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> Self:
        """Read an ASGI scope.

        Raises:
            RefusedError: Its path or query contains characters that no client sends.
        """
        path = (scope.get("raw_path") or b"").decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        if not _TARGET.fullmatch(path) or not _TARGET.fullmatch(f"/{query}"):
            raise RefusedError("InvalidRequest", "the path or the query contains characters that must be encoded", 400)
        headers = tuple((name.decode("latin-1").lower(), _text(value)) for name, value in scope.get("headers", ()))
        return cls(scope["method"], path, query, headers)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query, decoded; of a repeated one, the first."""
        return {name: values[0] for name, values in parse_qs(self.query, keep_blank_values=True).items()}

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for found, value in self.headers if found == name]

    def one(self, name: str) -> str | None:
        """Return the value of a header; None if there is none.

        Raises:
            RefusedError: It is there more than once.
        """
        found = self.all(name)
        if len(found) > 1:
            raise RefusedError("InvalidRequest", f"there is more than one header {name}", 400)
        return found[0] if found else None


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read the whole body of a request.

    Raises:
        RefusedError: It is longer than ``limit`` bytes; the rest is not read.
        ConnectionError: The client has gone away.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the client has gone away")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise RefusedError("RequestEntityTooLarge", f"the body is longer than {limit} bytes", TOO_LARGE)
        if not message.get("more_body"):
            return b"".join(parts)
