"""Networks to draw: a small one of each kind of thing, and one that nobody would want to draw by hand."""

from __future__ import annotations

from dataclasses import replace

from vpn_model.client_vpn import AuthorizationRule, ClientVpnAssociation, ClientVpnEndpoint
from vpn_model.connection import StaticRoute, Tunnel, TunnelTelemetry, VpnConnection
from vpn_model.devices import DevicePair, Devices
from vpn_model.gateways import CustomerGateway, VpnGateway
from vpn_model.hosts import ElasticIp, Instance, Interface, InterfaceAddress
from vpn_model.network import Network, Other, Stack, Unreadable
from vpn_model.routing import Route, RouteTable
from vpn_model.transit import TransitAttachment, TransitGateway, TransitTable
from vpn_model.unknown import Unknown
from vpn_model.vpc import InternetGateway, NatAddress, NatGateway, Subnet, Vpc

HOSTILE = """</text><script>alert("1")</script> & 'quoted' ]]> \x00\x1b\ufffe"""
LONG = "a-name-without-any-space-that-goes-on-and-on-" * 5
NAMES = (
    HOSTILE,
    LONG,
    "東京データセンター第二ゲートウェイ冗長系統",
    "Ümläute-Straße-Ελληνικά-Русский",
    "\u202eright to left\u202c العربية עברית",
    "🛰️🚀 emoji 👩‍👩‍👧 e\u0301\u0301\u0301",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "a name of several words that is longer than any box of the picture can be",
)


def tunnel(number: int, status: str | None) -> Tunnel:
    told = TunnelTelemetry(status, "", None, 0) if status else None
    return Tunnel(f"198.51.100.{number % 256}", f"169.254.{number % 256}.0/30", telemetry=told)


def device(name: str, subnet: str, vpc: str, address: str) -> tuple[Instance, Interface]:
    instance = Instance(name, f"Stack/Site/{name}", "running", "c7g.large", "ami-1", "eu-central-1a")
    interface = Interface(
        f"eni-{name}", f"Stack/Site/{name}", vpc, subnet, (InterfaceAddress(address),), (), False, instance_id=name
    )
    return instance, interface


def two_devices() -> tuple[Network, Devices]:
    """Two devices of one site, of which the first one holds the address that both may take."""
    (first, first_end), (second, second_end) = (
        device("cgw-1", "subnet-1", "vpc-site", "10.60.0.100"),
        device("cgw-2", "subnet-2", "vpc-site", "10.60.2.100"),
    )
    devices = Devices(
        tunnels={("vpn-1", 1): ("cgw-1", "cgw-2"), ("vpn-1", 2): ()},
        pairs=(DevicePair("cgw-1", "cgw-2", ("VRRP", "iBGP")),),
        may_take_address={"eipalloc-1": ("cgw-1", "cgw-2")},
        may_take_routes={"rtb-1": ("cgw-1", "cgw-2")},
    )
    network = Network(
        region="eu-central-1",
        stack=Stack("Stack", ()),
        vpcs={
            "vpc-site": Vpc("vpc-site", "Stack/Site/Vpc", ("10.60.0.0/16",)),
            "vpc-cloud": Vpc("vpc-cloud", "Stack/Cloud/Vpc", ("10.50.0.0/16", "100.64.0.0/16")),
        },
        subnets={
            "subnet-1": Subnet("subnet-1", "", "vpc-site", "10.60.0.0/24", "eu-central-1a"),
            "subnet-2": Subnet("subnet-2", "", "vpc-site", "10.60.2.0/24", "eu-central-1b"),
            "subnet-3": Subnet("subnet-3", "", "vpc-site", "10.60.3.0/24", "eu-central-1b"),
            "subnet-4": Subnet("subnet-4", "", "vpc-cloud", "10.50.0.0/24", "eu-central-1a"),
        },
        route_tables={
            "rtb-1": RouteTable(
                "rtb-1", "", "vpc-site", (Route("10.50.0.0/16", "eni-cgw-1", "network interface"),), ("subnet-3",)
            ),
            "rtb-2": RouteTable(
                *("rtb-2", "", "vpc-cloud"),
                (Route("10.60.0.0/16", "vgw-1", "virtual private gateway", "propagated"),),
                ("subnet-4",),
                propagating_gateway_ids=("vgw-1",),
            ),
            "rtb-3": RouteTable(
                "rtb-3", "", "vpc-site", (Route("0.0.0.0/0", "igw-1", "internet gateway"),), ("subnet-1", "subnet-2")
            ),
        },
        interfaces={one.id: one for one in (first_end, second_end)},
        instances={one.id: one for one in (first, second)},
        elastic_ips={"eipalloc-1": ElasticIp("eipalloc-1", "Stack/Site/shared", "203.0.113.1", "eni-cgw-1", "cgw-1")},
        internet_gateways={"igw-1": InternetGateway("igw-1", "", "vpc-site")},
        vpn_gateways={"vgw-1": VpnGateway("vgw-1", "", "vpc-cloud", 64512, "available")},
        customer_gateways={"cgw-id-1": CustomerGateway("cgw-id-1", "Stack/Site/shared", "203.0.113.1")},
        vpn_connections={
            "vpn-1": VpnConnection(
                *("vpn-1", "Stack/Vpn", "cgw-id-1"),
                (tunnel(1, "UP"), tunnel(2, "DOWN")),
                vpn_gateway_id="vgw-1",
                static_routes_only=True,
                static_routes=(StaticRoute("10.60.0.0/16"),),
            )
        },
    )
    return network, devices


def stress(connections: int = 40, vpcs: int = 5) -> Network:
    """Many connections of real devices to one transit gateway, with names that break what can be broken."""
    statuses = ("UP", "DOWN", None)
    clouds = [f"vpc-{number}" for number in range(vpcs)]
    numbers = range(1, connections + 1)
    endpoint = ClientVpnEndpoint(
        *("cvpn-1", HOSTILE, "10.0.0.0/22", (), "", "*.example"),
        vpc_id=clouds[0],
        associations=tuple(ClientVpnAssociation(f"a-{one}", f"subnet-{clouds[0]}-{one}") for one in (0, 1)),
        authorization_rules=tuple(AuthorizationRule(f"10.{one}.0.0/16") for one in range(12)),
    )
    attachments = (
        *(TransitAttachment(f"at-{one}", "", "vpc", one, "tgw-rtb-1", (f"subnet-{one}-0",)) for one in clouds),
        *(TransitAttachment(f"at-{one}", "", "vpn", f"vpn-{one}", "tgw-rtb-1") for one in numbers),
    )
    return Network(
        region=Unknown("${AWS::Region}"),
        vpcs={one: Vpc(one, NAMES[place % len(NAMES)], (f"10.{place}.0.0/16",)) for place, one in enumerate(clouds)},
        subnets={
            f"subnet-{vpc}-{one}": Subnet(f"subnet-{vpc}-{one}", "", vpc, f"10.{place}.{one}.0/24", f"zone-{one % 2}")
            for place, vpc in enumerate(clouds)
            for one in range(4)
        },
        nat_gateways={
            "nat-1": NatGateway(
                *("nat-1", LONG, clouds[0], f"subnet-{clouds[0]}-0", "public", "available"),
                (NatAddress("10.0.0.9", "192.0.2.9", None, None),),
            )
        },
        transit_gateways={
            "tgw-1": TransitGateway(
                *("tgw-1", NAMES[2], 4200000000, True, attachments),
                (TransitTable("tgw-rtb-1", LONG, tuple(one.id for one in attachments), ()),),
            )
        },
        customer_gateways={
            f"cgw-{one}": CustomerGateway(
                f"cgw-{one}", f"{one} {NAMES[one % len(NAMES)]}", f"203.0.113.{one}", 65000 + one
            )
            for one in numbers
        },
        vpn_connections={
            f"vpn-{one}": VpnConnection(
                *(f"vpn-{one}", f"{one} {NAMES[one % len(NAMES)]}", f"cgw-{one}"),
                (tunnel(2 * one, statuses[one % 3]), tunnel(2 * one + 1, statuses[one // 3 % 3])),
                transit_gateway_id="tgw-1" if one % 7 else "tgw-of/another account",
            )
            for one in numbers
        },
        client_vpn_endpoints={"cvpn-1": endpoint},
        others=(Other("pcx-1", "AWS::EC2::VPCPeeringConnection"), Other("role", "AWS::IAM::Role")),
        unreadable=(Unreadable("ec2:DescribeInternetGateways", "UnauthorizedOperation"),),
    )


def with_status(network: Network, connection: str, *statuses: str | None) -> Network:
    """The network with other states of a connection's tunnels."""
    found = network.vpn_connections[connection]
    told = (TunnelTelemetry(one, "", None, 0) if one else None for one in statuses)
    tunnels = tuple(replace(one, telemetry=state) for one, state in zip(found.tunnels, told, strict=True))
    return replace(network, vpn_connections={**network.vpn_connections, connection: replace(found, tunnels=tunnels)})
