"""What a template says about the network: the two VPCs, what stands in them, and the connections between them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One line of a route table, and the names of the devices that are allowed to point it at themselves.

    A learned route has no destination: the virtual private gateway fills it in.
    """

    destination: str
    target: str
    may_move_to: tuple[str, ...] = ()

    @property
    def is_learned(self) -> bool:
        return not self.destination


@dataclass(frozen=True)
class Instance:
    id: str
    name: str
    instance_type: str
    private_addresses: tuple[str, ...]
    is_device: bool


@dataclass(frozen=True)
class Subnet:
    id: str
    cidr: str
    zone: str
    is_public: bool
    instances: tuple[Instance, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Vpc:
    id: str
    name: str
    cidr: str
    has_internet_gateway: bool
    subnets: tuple[Subnet, ...]


@dataclass(frozen=True)
class ElasticAddress:
    """An Elastic IP: the instance that has it, and those that are allowed to take it."""

    id: str
    name: str
    held_by: str | None
    may_move_to: tuple[str, ...]


@dataclass(frozen=True)
class Tunnel:
    """One tunnel: its inside CIDR block and the devices that are configured to bring it up."""

    number: int
    inside_cidr: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Connection:
    id: str
    name: str
    routing: str
    customer_gateway: str
    customer_asn: str
    address: str
    gateway: str
    static_routes: tuple[str, ...]
    tunnels: tuple[Tunnel, ...]


@dataclass(frozen=True)
class TransitTable:
    """A route table of a transit gateway: what is associated with it, and what it learns from."""

    name: str
    associated: tuple[str, ...]
    learns_from: tuple[str, ...]


@dataclass(frozen=True)
class Gateway:
    """Amazon's end: a virtual private gateway in its VPC, or a transit gateway with subnets of several."""

    id: str
    kind: str
    asn: str
    vpc: str | None
    ecmp: bool = False
    subnets: tuple[str, ...] = ()
    tables: tuple[TransitTable, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two devices, one of which takes over when the other dies."""

    first: str
    second: str
    protocols: tuple[str, ...]


@dataclass(frozen=True)
class ClientVpn:
    """A Client VPN endpoint: where clients get addresses, where they come in, and where they may go."""

    id: str
    name: str
    client_cidr: str
    subnets: tuple[str, ...]
    authorized: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    name: str
    vpcs: tuple[Vpc, ...]
    addresses: tuple[ElasticAddress, ...]
    connections: tuple[Connection, ...]
    gateways: tuple[Gateway, ...]
    pairs: tuple[Pair, ...]
    client_vpns: tuple[ClientVpn, ...] = ()
