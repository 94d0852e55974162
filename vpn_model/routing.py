"""Route tables of VPCs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vpn_model.unknown import Text

TargetKind: TypeAlias = Literal[
    "local",
    "internet gateway",
    "virtual private gateway",
    "transit gateway",
    "network interface",
    "instance",
    "NAT gateway",
    "VPC endpoint",
    "VPC peering connection",
    "egress-only internet gateway",
    "carrier gateway",
    "local gateway",
    "core network",
    "unknown",
]
Origin: TypeAlias = Literal["local", "created", "propagated", "advertised"]
RouteState: TypeAlias = Literal["active", "blackhole", "filtered"]


@dataclass(frozen=True)
class Route:
    """One route. Where an interface and its instance are both told, the target is the interface."""

    destination: Text
    """An IPv4 or IPv6 CIDR block, or the id of a prefix list."""
    target_id: str
    """The id of the target; ``local`` for the VPC itself."""
    target_kind: TargetKind
    origin: Origin = "created"
    """``local``: made with the VPC; ``propagated``: by a virtual private gateway; ``advertised``: by a Route Server."""
    state: RouteState = "active"

    @property
    def is_blackhole(self) -> bool:
        """Whether the target is gone, so that packets are dropped."""
        return self.state == "blackhole"


@dataclass(frozen=True)
class RouteTable:
    id: str
    """From a template, the main table that comes with a VPC has the id ``Vpc.MainRouteTable``."""
    name: str
    vpc_id: str
    routes: tuple[Route, ...]
    subnet_ids: tuple[str, ...] = ()
    """The subnets that are associated with it explicitly."""
    is_main: bool = False
    """Whether the subnets of the VPC without an association of their own use it."""
    gateway_ids: tuple[str, ...] = ()
    """The gateways that are associated with it (edge associations)."""
    propagating_gateway_ids: tuple[str, ...] = ()
    """The virtual private gateways that may write routes into it."""
