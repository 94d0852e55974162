"""What a network reports to the control pages: read from JSON, and checked before anything is changed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, Self, get_type_hints

COUNTERS = ("IngressBytes", "EgressBytes")
COUNT = re.compile(r"[0-9]{1,18}")


class BadRequestError(ValueError):
    """The request cannot be understood; the message says why, in one line."""


class Report:
    """An object of JSON, whose members are the fields of a dataclass."""

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Read a body.

        Raises:
            BadRequestError: It is not JSON, or not such an object.
        """
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise BadRequestError("the body is not JSON") from None
        if not isinstance(values, dict):
            raise BadRequestError("the body is not an object of JSON")
        try:
            return cls(**values)
        except TypeError:
            raise BadRequestError(f"the members of the object must be {', '.join(get_type_hints(cls))}") from None


@dataclass(frozen=True)
class TunnelReport(Report):
    """The complete state of one tunnel, as a network reports it."""

    status: str
    """UP or DOWN."""
    message: str = ""
    """The status message of the AWS console: ``IPSEC IS UP``, ``3 BGP ROUTES``."""
    learned_prefixes: list[str] = field(default_factory=list)
    """The prefixes that the customer gateway device announces over this tunnel."""
    negotiated: dict[str, Any] = field(default_factory=dict)
    """Fields of GetActiveVpnTunnelStatus: ``Phase1EncryptionAlgorithm``, ``IkeVersion`` …"""
    bytes_in: int | None = None
    """Bytes that AWS has received through the tunnel since it came up. Default: unchanged."""
    bytes_out: int | None = None
    """Bytes that AWS has sent through the tunnel since it came up. Default: unchanged."""

    def __post_init__(self) -> None:
        if self.status not in ("UP", "DOWN"):
            raise BadRequestError(f"status {self.status!r} is unknown; use UP or DOWN")
        if not isinstance(self.message, str):
            raise BadRequestError("message must be a text")
        if not isinstance(self.negotiated, dict):
            raise BadRequestError("negotiated must be an object")
        for name in ("bytes_in", "bytes_out"):
            if not _is_count(getattr(self, name), optional=True):
                raise BadRequestError(f"{name} must be a number of bytes, or null")
        for prefix in _texts("learned_prefixes", self.learned_prefixes):
            try:
                ip_network(prefix)
            except ValueError as problem:
                raise BadRequestError(f"learned_prefixes: {problem}") from None


@dataclass(frozen=True)
class ClientReport(Report):
    """The connected clients of a Client VPN endpoint."""

    connections: list[dict[str, Any]]
    """As DescribeClientVpnConnections shows them, plus ``From``, the client's public address and port."""
    refused: list[str]
    """Ids of all attempts that were refused since the servers started."""

    def __post_init__(self) -> None:
        _texts("refused", self.refused)
        if not isinstance(self.connections, list) or not all(isinstance(one, dict) for one in self.connections):
            raise BadRequestError("connections must be a list of objects")
        for one in self.connections:
            if not all(isinstance(value, str | int) for value in one.values()) or "ConnectionId" not in one:
                raise BadRequestError("a connection must have a ConnectionId, and only texts and numbers as values")
            if not all(COUNT.fullmatch(str(one.get(name, 0))) for name in COUNTERS):
                raise BadRequestError(f"{' and '.join(COUNTERS)} of a connection must be numbers of bytes")


@dataclass(frozen=True)
class CommandReport(Report):
    """The outcome of a command that SSM had for a device."""

    code: int
    """Its exit code."""
    output: str
    errors: str

    def __post_init__(self) -> None:
        if not isinstance(self.code, int) or isinstance(self.code, bool):
            raise BadRequestError("code must be a whole number")
        if not isinstance(self.output, str) or not isinstance(self.errors, str):
            raise BadRequestError("output and errors must be texts")


@dataclass(frozen=True)
class HealthEvent(Report):
    """An AWS Health event, such as pending maintenance."""

    service: str
    code: str
    category: str
    resources: list[str]

    def __post_init__(self) -> None:
        if not all(isinstance(one, str) for one in (self.service, self.code, self.category)):
            raise BadRequestError("service, code and category must be texts")
        _texts("resources", self.resources)


@dataclass(frozen=True)
class QuotaValue(Report):
    """The value of a quota."""

    value: int

    def __post_init__(self) -> None:
        if not _is_count(self.value, optional=False):
            raise BadRequestError(f"the value of a quota is a whole number from 0, but is {self.value!r}")


def _texts(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadRequestError(f"{name} must be a list of texts")
    return value


def _is_count(value: object, *, optional: bool) -> bool:
    if value is None:
        return optional
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
