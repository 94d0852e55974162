"""Small deployed networks, written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vpn_lab.network.deployed import Deployed
from vpn_model.connection import StaticRoute, Tunnel, VpnConnection
from vpn_model.filters import SecurityGroup, SecurityRule
from vpn_model.gateways import CustomerGateway, VpnGateway
from vpn_model.hosts import Instance, Interface, InterfaceAddress
from vpn_model.network import Network
from vpn_model.routing import Route, RouteTable, TargetKind
from vpn_model.tunnel_options import TunnelOptions
from vpn_model.vpc import InternetGateway, Subnet, Vpc

ANYTHING_IN = SecurityRule("ingress", "-1", None, None, "0.0.0.0/0", "ipv4")
ANYTHING_OUT = SecurityRule("egress", "-1", None, None, "0.0.0.0/0", "ipv4")
PING = SecurityRule("ingress", "icmp", 8, -1, "10.50.0.0/16", "ipv4")
OPTIONS = TunnelOptions(
    ike_versions=("ikev2",),
    phase1_encryption=("AES256-GCM-16", "AES128-GCM-16"),
    phase1_integrity=("SHA2-384", "SHA2-256"),
    phase1_dh_groups=(20, 19),
    phase2_encryption=("AES128-GCM-16",),
    phase2_integrity=("SHA2-256",),
    phase2_dh_groups=(19,),
    dpd_timeout_action="restart",
)
KINDS: dict[str, TargetKind] = {
    "": "unknown",
    "local": "local",
    "eni": "network interface",
    "igw": "internet gateway",
    "vgw": "virtual private gateway",
    "tgw": "transit gateway",
}


def route(destination: str, target: str) -> Route:
    """A route to an id; an empty one makes a black hole."""
    return Route(
        destination, target, KINDS[target.split("-", maxsplit=1)[0]], state="active" if target else "blackhole"
    )


def tunnel(outside: str, inside: str) -> Tunnel:
    return Tunnel(outside, inside, OPTIONS)


def instance(identifier: str) -> Instance:
    return Instance(identifier, identifier, "running", "t3.micro", "ami-1", "us-east-1a")


def interface(
    identifier: str, owner: str | None, address: InterfaceAddress, group: str, *, check: bool = True, about: str = ""
) -> Interface:
    return Interface(identifier, "", "vpc-a", "subnet-a", (address,), (group,), check, owner, 0, about)


def device_and_host(routes: tuple[Route, ...] = ()) -> Deployed:
    """A VPC with a device that has a public address, a host, and a connection to a gateway of another VPC."""
    table = RouteTable("rtb-00000a1", "", "vpc-a", (route("10.60.0.0/16", "local"), *routes), ("subnet-a",), True)
    tunnels = (tunnel("198.51.100.1", "169.254.10.0/30"), tunnel("192.0.2.1", "169.254.11.0/30"))
    connection = VpnConnection("vpn-1", "", "cgw-1", tunnels, vpn_gateway_id="vgw-1", state="available")
    interfaces = (
        interface("eni-device", "i-device", InterfaceAddress("10.60.0.100", "203.0.113.1"), "sg-open", check=False),
        interface("eni-host", "i-host", InterfaceAddress("10.60.0.101"), "sg-ping"),
    )
    model = Network(
        region="us-east-1",
        vpcs={"vpc-a": Vpc("vpc-a", "", ("10.60.0.0/16",)), "vpc-b": Vpc("vpc-b", "", ("10.50.0.0/16",))},
        internet_gateways={"igw-a": InternetGateway("igw-a", "", "vpc-a")},
        subnets={"subnet-a": Subnet("subnet-a", "", "vpc-a", "10.60.0.0/24", "us-east-1a")},
        route_tables={table.id: table},
        security_groups={
            "sg-open": SecurityGroup("sg-open", "", "vpc-a", "open", "", (ANYTHING_IN, ANYTHING_OUT)),
            "sg-ping": SecurityGroup("sg-ping", "", "vpc-a", "ping", "", (PING,)),
        },
        instances={"i-device": instance("i-device"), "i-host": instance("i-host")},
        interfaces={one.id: one for one in interfaces},
        vpn_gateways={"vgw-1": VpnGateway("vgw-1", "", "vpc-b", 64512, "available")},
        customer_gateways={"cgw-1": CustomerGateway("cgw-1", "", "203.0.113.1", 65000)},
        vpn_connections={"vpn-1": connection},
    )
    keys = dict.fromkeys(("198.51.100.1", "192.0.2.1", "198.51.100.2", "192.0.2.2"), "not_a_real_key")
    return Deployed(model, user_data={"i-device": "#!/bin/sh\n"}, pre_shared_keys=keys)


def changed(deployed: Deployed, **parts: Any) -> Deployed:
    """The same with other parts of its network."""
    return replace(deployed, model=replace(deployed.model, **parts))


def with_static_routes(deployed: Deployed) -> Deployed:
    connection = deployed.model.vpn_connections["vpn-1"]
    static = replace(connection, static_routes_only=True, static_routes=(StaticRoute("10.60.0.0/16", "available"),))
    return changed(deployed, vpn_connections={"vpn-1": static})
