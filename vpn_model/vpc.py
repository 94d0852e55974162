"""VPCs, subnets, and what connects a VPC to the Internet."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_model.unknown import Flag, Text


@dataclass(frozen=True)
class Vpc:
    id: str
    name: str
    """The Name tag; empty without one. So it is in all classes of the model."""
    cidrs: tuple[Text, ...]
    """All IPv4 CIDR blocks, the primary one first."""
    ipv6_cidrs: tuple[Text, ...] = ()
    is_default: bool = False
    """Whether it is the default VPC of the Region."""


@dataclass(frozen=True)
class Subnet:
    id: str
    name: str
    vpc_id: str
    cidr: Text
    """The IPv4 CIDR block; empty for a subnet that has IPv6 only."""
    zone: Text
    """The Availability Zone, such as ``us-east-1a``. In a template mostly ``${GetAZs.0}``: the first one."""
    public_address_on_launch: Flag = False
    ipv6_cidrs: tuple[Text, ...] = ()


@dataclass(frozen=True)
class InternetGateway:
    id: str
    name: str
    vpc_id: str | None


@dataclass(frozen=True)
class NatAddress:
    """One address that a NAT gateway translates to."""

    private: Text
    public: Text | None
    allocation_id: str | None
    interface_id: str | None


@dataclass(frozen=True)
class NatGateway:
    id: str
    name: str
    vpc_id: str
    subnet_id: str
    """Empty for a regional NAT gateway, which has no subnet."""
    connectivity: Text
    """``public`` or ``private``."""
    state: str
    """``planned`` if it was read from a template. So it is in all classes of the model."""
    addresses: tuple[NatAddress, ...] = ()


@dataclass(frozen=True)
class InstanceConnectEndpoint:
    """An EC2 Instance Connect Endpoint."""

    id: str
    name: str
    vpc_id: str
    subnet_id: str
    group_ids: tuple[str, ...]
    state: str
    preserve_client_address: Flag = False
    interface_ids: tuple[str, ...] = ()
