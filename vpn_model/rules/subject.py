"""What a rule sees: a resource of a template in one branch of its conditions, with resolved properties."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.references import Reference
from vpn_model.unknown import Unknown

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
TUNNELS = 2
SPECIFICATIONS = "VpnTunnelOptionsSpecifications"
NEGOTIATED = (
    "IKEVersions",
    *("Phase1EncryptionAlgorithms", "Phase1IntegrityAlgorithms", "Phase1DHGroupNumbers"),
    *("Phase2EncryptionAlgorithms", "Phase2IntegrityAlgorithms", "Phase2DHGroupNumbers"),
)
"""The options that both ends negotiate. A tunnel without any of them allows everything that AWS knows."""


def is_unknown(value: Any) -> bool:
    """Whether a resolved value itself is known only after the deployment; its members may be."""
    return isinstance(value, Unknown | Reference)


def whole_number(value: Any) -> int | None:
    """A resolved value as a whole number; None if it is not known, or not one."""
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def flag(value: Any) -> bool | None:
    """A resolved value as a boolean; None if it is not known, False if it is not there."""
    return None if is_unknown(value) else str(value).lower() == "true"


def network(value: Any) -> Network | None:
    """A resolved value as an IP network, however it is spelled; None if it is not known, or not one."""
    if not isinstance(value, str):
        return None
    try:
        return ipaddress.ip_network(value.strip(), strict=False)
    except ValueError:
        return None


@dataclass(frozen=True)
class Subject:
    """A resource. Its ``repr`` shows no property, since one may hold a secret."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    prefix_lists: Mapping[str, Sequence[Network]] = field(default_factory=dict)
    """The ranges of the template's managed prefix lists, by logical id."""

    uses_certificate: bool = False
    """Whether a certificate of the customer gateway takes the place of pre-shared keys."""

    def __repr__(self) -> str:
        return f"Subject({self.logical_id!r}, {self.type!r})"

    @property
    def has_macro(self) -> bool:
        """Whether a macro adds properties, so that one that is not there may come yet."""
        return any(name.startswith("Fn::") for name in self.properties)

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        """A property that is a mapping; empty if it is not there, None if it is not known.

        Raises:
            TemplateError: It is something else.
        """
        return _mapping(self.properties.get(name, {}), name)

    def mappings(self, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The known members of a property that is a list of mappings, with their positions. One mapping is a list, too.

        Raises:
            TemplateError: It is something else.
        """
        for position, member in enumerate(_list(self.properties.get(name))):
            found = _mapping(member, f"{name}.{position}")
            if found is not None:
                yield position, found


@dataclass(frozen=True)
class Tunnel:
    """One tunnel of a connection: 1 or 2."""

    number: int
    options: Mapping[str, Any]
    where: str

    @property
    def path(self) -> str:
        return f"Properties.{SPECIFICATIONS}.{self.number - 1}"

    @property
    def negotiates(self) -> bool:
        """Whether the template restricts what the tunnel negotiates."""
        return any(self.options.get(name) not in (None, []) for name in NEGOTIATED)

    def choices(self, name: str) -> tuple[Any, ...] | None:
        """The values that an option allows: what is known of them. None if the option is not there or empty.

        Raises:
            TemplateError: The option is not a list of mappings with a ``Value``.
        """
        written = self.options.get(name)
        if written is None or written == []:
            return None
        values = []
        for position, member in enumerate(_list(written)):
            entry = _mapping(member, f"{self.where}.{name}.{position}")
            if entry is not None and "Value" in entry and not is_unknown(entry["Value"]):
                values.append(entry["Value"])
        return tuple(values)

    def is_open(self, name: str) -> bool:
        """Whether an option has a value that is not known."""
        return _has_unknown(self.options.get(name))


def tunnels(connection: Subject) -> tuple[Tunnel, ...]:
    """The tunnels of a connection, as far as they are known; one that is not specified has no options.

    Raises:
        TemplateError: The options are neither a list of mappings nor one.
    """
    written = connection.properties.get(SPECIFICATIONS)
    if is_unknown(written) or (written is None and connection.has_macro):
        return ()
    members = _list(written)
    members = [*members, *({} for _ in range(TUNNELS - len(members)))]
    found = []
    for number, member in enumerate(members, start=1):
        options = _mapping(member, f"{SPECIFICATIONS}.{number - 1}")
        # a macro inside the options may add any of them
        if options is not None and not any(key.startswith("Fn::") for key in options):
            found.append(Tunnel(number, options, f"{SPECIFICATIONS}.{number - 1}"))
    return tuple(found)


def unknown_paths(value: Any, path: str = "Properties") -> Iterator[tuple[str, str]]:
    """The paths inside a resolved value at which something is not known, each with the reason."""
    if isinstance(value, Reference):
        yield path, value.unknown.reason
    elif isinstance(value, Unknown):
        yield path, value.reason
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (
                ((path, "a macro adds to it"),) if key.startswith("Fn::") else unknown_paths(inner, f"{path}.{key}")
            )
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from unknown_paths(inner, f"{path}.{position}")


def _has_unknown(value: Any) -> bool:
    return next(unknown_paths(value), None) is not None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _mapping(value: Any, where: str) -> Mapping[str, Any] | None:
    if is_unknown(value):
        return None
    if not isinstance(value, dict):
        raise TemplateError(f"{where} must be a mapping")
    return value
