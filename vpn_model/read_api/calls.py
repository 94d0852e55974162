"""Calls to AWS: they read all pages, and note a refused call instead of ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from vpn_model.network import Unreadable

ClientOf: TypeAlias = Callable[[str], Any]
"""Gives the boto3 client of a service, such as ``session.client``."""
Entry: TypeAlias = Mapping[str, Any]

REFUSED = frozenset({"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"})


class Calls:
    """The clients of one account and Region, and what they were refused.

    Throttled and failed calls are repeated by the clients themselves: their configuration says how often (botocore's
    ``retries``). ``standard`` or ``adaptive`` mode is advised for large accounts.
    """

    def __init__(self, client: ClientOf) -> None:
        self._client = client
        self._unreadable: dict[Unreadable, None] = {}

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """What was refused so far, each call once."""
        return tuple(self._unreadable)

    def pages(self, call: str, member: str, *, service: str = "ec2", **request: Any) -> list[Entry]:
        """All members of all pages of an answer; empty if a permission is missing."""
        client = self._client(service)

        def read() -> list[Entry]:
            if not client.can_paginate(call):
                return list(getattr(client, call)(**request)[member])
            return [one for page in client.get_paginator(call).paginate(**request) for one in page[member]]

        return self._noting(service, call, read)

    def one(self, call: str, member: str, *, service: str, **request: Any) -> list[Entry]:
        """The one member of an answer; empty if a permission is missing."""
        client = self._client(service)
        return self._noting(service, call, lambda: [getattr(client, call)(**request)[member]])

    def _noting(self, service: str, call: str, read: Callable[[], list[Entry]]) -> list[Entry]:
        try:
            return read()
        except Exception as problem:
            # botocore's ClientError, which this package does not import
            code = _code(problem)
            if code not in REFUSED:
                raise
            self._unreadable[Unreadable(f"{service}:{_camel(call)}", code)] = None
            return []


def _code(problem: Exception) -> str:
    response = getattr(problem, "response", None)
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    return str(error.get("Code", ""))


def _camel(call: str) -> str:
    return "".join(word.capitalize() for word in call.split("_"))


def filters(values: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Filters as a request has them."""
    return {"Filters": [{"Name": name, "Values": list(given)} for name, given in values.items()]}


def name_of(entry: Entry) -> str:
    """The Name tag; empty without one."""
    tags: Sequence[Entry] = entry.get("Tags") or entry.get("TagSet") or ()
    return next((str(tag["Value"]) for tag in tags if tag["Key"] == "Name"), "")


def optional(entry: Entry, name: str) -> str | None:
    """A text of an answer; None if it is empty or not there."""
    value = entry.get(name)
    return str(value) if value else None
