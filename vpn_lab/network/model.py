"""What a region says was deployed, as far as packets care."""

from __future__ import annotations

from dataclasses import dataclass, field

from vpn_lab.network.client_vpn_model import ClientVpn
from vpn_lab.network.transit_model import TransitGateway


@dataclass(frozen=True)
class Route:
    """One route of a route table; ``target`` is an id, or ``local``, or empty for a blackhole."""

    prefix: str
    target: str


@dataclass(frozen=True)
class RouteTable:
    id: str
    vpc_id: str
    routes: tuple[Route, ...]
    subnet_ids: tuple[str, ...]
    is_main: bool


@dataclass(frozen=True)
class Subnet:
    id: str
    vpc_id: str
    cidr: str


@dataclass(frozen=True)
class Permission:
    """One rule of a security group: a protocol (-1: any), ports (or ICMP type and code), and peers."""

    protocol: str
    from_port: int | None
    to_port: int | None
    prefixes: tuple[str, ...]
    group_ids: tuple[str, ...]


@dataclass(frozen=True)
class SecurityGroup:
    id: str
    ingress: tuple[Permission, ...]
    egress: tuple[Permission, ...]


@dataclass(frozen=True)
class Address:
    """A private address of an interface, and the public one that stands for it outside."""

    private: str
    public: str | None


@dataclass(frozen=True)
class Interface:
    id: str
    subnet_id: str
    vpc_id: str
    addresses: tuple[Address, ...]
    group_ids: tuple[str, ...]
    source_dest_check: bool
    instance_id: str | None
    device_index: int
    description: str = ""

    @property
    def primary_address(self) -> str:
        return self.addresses[0].private


@dataclass(frozen=True)
class Instance:
    id: str
    name: str
    state: str
    user_data: str | None = field(repr=False)
    role: str | None
    instance_type: str
    image_id: str
    zone: str
    boots: int

    @property
    def running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class Vpc:
    id: str
    cidrs: tuple[str, ...]
    has_internet_gateway: bool


@dataclass(frozen=True)
class TunnelOptions:
    """One tunnel as AWS's side is told; lists are in AWS's words."""

    outside_address: str
    inside_cidr: str
    pre_shared_key: str = field(repr=False)
    ike_versions: tuple[str, ...]
    phase1_encryption: tuple[str, ...]
    phase1_integrity: tuple[str, ...]
    phase1_dh_groups: tuple[int, ...]
    phase1_lifetime_seconds: int
    phase2_encryption: tuple[str, ...]
    phase2_integrity: tuple[str, ...]
    phase2_dh_groups: tuple[int, ...]
    phase2_lifetime_seconds: int
    rekey_margin_seconds: int
    rekey_fuzz_percentage: int
    replay_window: int
    dpd_timeout_seconds: int
    dpd_action: str
    startup_action: str


@dataclass(frozen=True)
class VpnConnection:
    id: str
    gateway_id: str
    customer_address: str
    customer_asn: int
    static_routes_only: bool
    static_prefixes: tuple[str, ...]
    tunnels: tuple[TunnelOptions, ...]


@dataclass(frozen=True)
class VpnGateway:
    id: str
    vpc_id: str | None
    asn: int


@dataclass(frozen=True)
class Deployed:
    """Everything at one moment."""

    region: str
    vpcs: dict[str, Vpc]
    subnets: dict[str, Subnet]
    route_tables: dict[str, RouteTable]
    security_groups: dict[str, SecurityGroup]
    instances: dict[str, Instance]
    interfaces: dict[str, Interface]
    vpn_gateways: dict[str, VpnGateway]
    vpn_connections: dict[str, VpnConnection]
    transit_gateways: dict[str, TransitGateway] = field(default_factory=dict)
    client_vpns: dict[str, ClientVpn] = field(default_factory=dict)

    @property
    def client_vpn_interfaces(self) -> set[str]:
        """The interfaces that belong to Client VPN endpoints."""
        return {one.interface_id for endpoint in self.client_vpns.values() for one in endpoint.associations}
