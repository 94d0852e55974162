"""Security groups and network ACLs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vpn_model.unknown import Number, Text

Direction: TypeAlias = Literal["ingress", "egress"]
PeerKind: TypeAlias = Literal["ipv4", "ipv6", "security group", "prefix list"]

# EC2 takes numbers, too, and gives names back
PROTOCOL_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def protocol_name(protocol: Text) -> Text:
    """A protocol as EC2 gives it back: ``tcp`` for ``6`` and ``TCP``."""
    return PROTOCOL_NAMES.get(protocol, protocol.lower()) if isinstance(protocol, str) else protocol


@dataclass(frozen=True)
class SecurityRule:
    """One rule of a security group, which allows traffic with one peer."""

    direction: Direction
    protocol: Text
    """``tcp``, ``udp``, ``icmp``, ``icmpv6``, a protocol number as text, or ``-1`` for all protocols."""
    from_port: Number | None
    """The first port; for ICMP the type. None or -1 means all."""
    to_port: Number | None
    """The last port; for ICMP the code. None or -1 means all."""
    peer: Text
    """A CIDR block, or the id of a security group or of a prefix list."""
    peer_kind: PeerKind
    description: str = ""


@dataclass(frozen=True)
class SecurityGroup:
    id: str
    """From a template, the group that comes with a VPC has the id ``Vpc.DefaultSecurityGroup``."""
    name: str
    """The Name tag."""
    vpc_id: str
    group_name: Text
    description: Text
    rules: tuple[SecurityRule, ...]

    @property
    def ingress(self) -> tuple[SecurityRule, ...]:
        return tuple(one for one in self.rules if one.direction == "ingress")

    @property
    def egress(self) -> tuple[SecurityRule, ...]:
        return tuple(one for one in self.rules if one.direction == "egress")


@dataclass(frozen=True)
class AclEntry:
    """One rule of a network ACL."""

    direction: Direction
    number: Number
    """1 to 32766, evaluated from the lowest; 32767 (and 32768 for IPv6) are the last ones, which deny everything."""
    action: Text
    """``allow`` or ``deny``."""
    protocol: Text
    """A protocol number as text; ``-1`` for all protocols."""
    cidr: Text
    """An IPv4 or IPv6 CIDR block."""
    from_port: Number | None = None
    """The first port; for ICMP the type. None means all."""
    to_port: Number | None = None
    """The last port; for ICMP the code. None means all."""


@dataclass(frozen=True)
class NetworkAcl:
    id: str
    """From a template, the ACL that comes with a VPC has the id ``Vpc.DefaultNetworkAcl``."""
    name: str
    vpc_id: str
    is_default: bool
    """Whether the subnets of the VPC without an association of their own use it."""
    subnet_ids: tuple[str, ...]
    """The subnets that use it. From a template, those that use the default ACL are missing; the API lists them."""
    entries: tuple[AclEntry, ...]
