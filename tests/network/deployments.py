"""Small deployed networks, written by hand."""

from __future__ import annotations

from dataclasses import replace

from vpn_lab.network.model import (
    Address,
    Deployed,
    Instance,
    Interface,
    Permission,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    TunnelOptions,
    Vpc,
    VpnConnection,
    VpnGateway,
)

ANY = Permission("-1", None, None, ("0.0.0.0/0",), ())
PING = Permission("icmp", 8, -1, ("10.50.0.0/16",), ())


def tunnel(outside: str, inside: str) -> TunnelOptions:
    return TunnelOptions(
        outside_address=outside,
        inside_cidr=inside,
        pre_shared_key="not_a_real_key",
        ike_versions=("ikev2",),
        phase1_encryption=("AES256-GCM-16", "AES128-GCM-16"),
        phase1_integrity=("SHA2-384", "SHA2-256"),
        phase1_dh_groups=(20, 19),
        phase1_lifetime_seconds=28800,
        phase2_encryption=("AES128-GCM-16",),
        phase2_integrity=("SHA2-256",),
        phase2_dh_groups=(19,),
        phase2_lifetime_seconds=3600,
        rekey_margin_seconds=270,
        rekey_fuzz_percentage=100,
        replay_window=1024,
        dpd_timeout_seconds=30,
        dpd_action="restart",
        startup_action="add",
    )


def instance(identifier: str, user_data: str | None = None) -> Instance:
    return Instance(identifier, identifier, "running", user_data, None, "t3.micro", "ami-1", "us-east-1a", 1)


def interface(identifier: str, owner: str, address: Address, group: str, *, check: bool = True) -> Interface:
    return Interface(identifier, "subnet-a", "vpc-a", (address,), (group,), check, owner, 0)


def device_and_host(routes: tuple[Route, ...] = ()) -> Deployed:
    """A VPC with a device that has a public address, a host, and a connection to a gateway of another VPC."""
    table = RouteTable("rtb-00000a1", "vpc-a", (Route("10.60.0.0/16", "local"), *routes), ("subnet-a",), True)
    connection = VpnConnection(
        "vpn-1",
        "vgw-1",
        "203.0.113.1",
        65000,
        False,
        (),
        (tunnel("198.51.100.1", "169.254.10.0/30"), tunnel("192.0.2.1", "169.254.11.0/30")),
    )
    return Deployed(
        region="us-east-1",
        vpcs={"vpc-a": Vpc("vpc-a", ("10.60.0.0/16",), True), "vpc-b": Vpc("vpc-b", ("10.50.0.0/16",), False)},
        subnets={"subnet-a": Subnet("subnet-a", "vpc-a", "10.60.0.0/24")},
        route_tables={table.id: table},
        security_groups={
            "sg-open": SecurityGroup("sg-open", (ANY,), (ANY,)),
            "sg-ping": SecurityGroup("sg-ping", (PING,), ()),
        },
        instances={"i-device": instance("i-device", "#!/bin/sh\n"), "i-host": instance("i-host")},
        interfaces={
            "eni-device": interface(
                "eni-device", "i-device", Address("10.60.0.100", "203.0.113.1"), "sg-open", check=False
            ),
            "eni-host": interface("eni-host", "i-host", Address("10.60.0.101", None), "sg-ping"),
        },
        vpn_gateways={"vgw-1": VpnGateway("vgw-1", "vpc-b", 64512)},
        vpn_connections={"vpn-1": connection},
    )


def with_static_routes(deployed: Deployed) -> Deployed:
    connection = deployed.vpn_connections["vpn-1"]
    static = replace(connection, static_routes_only=True, static_prefixes=("10.60.0.0/16",))
    return replace(deployed, vpn_connections={"vpn-1": static})
