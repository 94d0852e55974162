"""Options of a connection that only a transit gateway takes, and devices that only one can serve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_aws_vpn import Bgp, CgwPair, CustomerGateway, Static, TransitGateway, TunnelOptions
from tests.constructs.bad_input import Bad, address, setting
from tests.constructs.site import IDC, Site

TRANSPORT = "tgw-attach-0123456789abcdef0"
PRIVATE = {"outside_ip_address_type": "PrivateIpv4", "transport_transit_gateway_attachment_id": TRANSPORT}
IPV6 = (TunnelOptions(inside_ipv6_cidr="fd00::/126"), TunnelOptions(inside_ipv6_cidr="fd00::4/126"))


def static(site: Site) -> Any:
    return site.connection(gateway=site.tgw, routing=Static([IDC]))


def behind_direct_connect(site: Site) -> CustomerGateway:
    return CustomerGateway(site.stack, "Private", address="10.0.0.7", outside_ip_address_type="PrivateIpv4")


def private(behaviour: str, prop: str, value: Any, allowed: str, remedy: str, **more: Any) -> Bad:
    """A connection over Direct Connect that is right but for one thing."""

    def write(site: Site) -> Any:
        right = {"gateway": site.tgw, "customer_gateway": behind_direct_connect(site), **PRIVATE}
        return site.connection(**{**right, **more})

    return setting(f"a private connection {behaviour}", write, prop, value, allowed, remedy)


def equal_paths(site: Site, tgw: Any, *, bgp: bool = True) -> None:
    devices = []
    for name, subnet in zip(("Active", "Standby"), site.idc.public_subnets, strict=True):
        one = site.device(name, private_address=site.idc.address(subnet), subnet=subnet)
        ends = {"gateway": tgw, "customer_gateway": one.customer_gateway}
        one.connect(site.connection(f"{name}Vpn", **ends, routing=Bgp() if bgp else Static([IDC])))
        devices.append(one)
    tables = site.idc.private_route_tables
    CgwPair(site.stack, "Pair", active=devices[0], standby=devices[1], idc_route_tables=tables, active_active=True)


def active_active(behaviour: str, write: Callable[[Site], Any]) -> Bad:
    return setting(
        f"a pair that announces equal paths {behaviour}",
        write,
        "active_active",
        True,
        "False, unless both devices have a BGP connection to one transit gateway with vpn_ecmp_support",
        "leave it out",
    )


def with_ipv6_inside(site: Site) -> None:
    device = site.device()
    vpn = site.connection(
        gateway=site.tgw, customer_gateway=device.customer_gateway, tunnel_inside_ip_version="ipv6", tunnels=IPV6
    )
    device.connect(vpn)


def same_ipv6_blocks(site: Site) -> None:
    for number in (1, 2):
        site.connection(f"Vpn{number}", gateway=site.tgw, tunnel_inside_ip_version="ipv6", tunnels=IPV6)


BAD_TRANSIT_CONNECTIONS = [
    setting(
        "the attachment of a connection on a vgw",
        lambda s: s.connection().transit_gateway_attachment_id,
        "gateway",
        "Stack/Vgw",
        "a transit gateway, which has attachments",
        "use a TransitGateway",
    ),
    setting(
        "a route of a static connection on a transit gateway",
        lambda s: static(s).add_static_route("10.1.0.0/16"),
        "prefix",
        "10.1.0.0/16",
        "on a virtual private gateway only",
        "call add_route(…)",
    ),
    setting(
        "a private address type on a vgw",
        lambda s: s.connection(customer_gateway=behind_direct_connect(s), **PRIVATE),
        "outside_ip_address_type",
        "PrivateIpv4",
        "on a transit gateway only",
        "TransitGateway",
    ),
    setting(
        "an unknown type of outside address",
        lambda s: s.connection(outside_ip_address_type="Private"),
        "outside_ip_address_type",
        "Private",
        "PublicIpv4 or PrivateIpv4",
        "choose one of these",
    ),
    setting(
        "a customer gateway with an unknown type of address",
        lambda s: s.make(CustomerGateway, address="10.0.0.7", outside_ip_address_type="Private"),
        "outside_ip_address_type",
        "Private",
        "PublicIpv4 or PrivateIpv4",
        "choose one of these",
    ),
    address(
        "a private customer gateway with a public address",
        lambda s: s.make(CustomerGateway, address="203.0.113.7", outside_ip_address_type="PrivateIpv4"),
        "address",
        "203.0.113.7",
        "a private IPv4 address",
        "Direct Connect",
    ),
    private(
        "without a transport",
        "transport_transit_gateway_attachment_id",
        None,
        "with PrivateIpv4, and none otherwise",
        "give both",
        transport_transit_gateway_attachment_id=None,
    ),
    private(
        "over the attachment of a gateway",
        "transport_transit_gateway_attachment_id",
        "tgw-0123456789abcdef0",
        "tgw-attach- and 8 or 17",
        "VPC console",
        transport_transit_gateway_attachment_id="tgw-0123456789abcdef0",
    ),
    private(
        "with acceleration",
        "enable_acceleration",
        True,
        "False with PrivateIpv4",
        "leave it out",
        enable_acceleration=True,
    ),
    private(
        "of a public type",
        "outside_ip_address_type",
        "PublicIpv4",
        "that of the customer gateway, PrivateIpv4",
        "the same outside_ip_address_type",
        outside_ip_address_type="PublicIpv4",
        transport_transit_gateway_attachment_id=None,
    ),
    setting(
        "a private connection to a gateway without blocks",
        lambda s: s.connection(
            gateway=TransitGateway(s.stack, "Own"), customer_gateway=behind_direct_connect(s), **PRIVATE
        ),
        "cidr_blocks",
        (),
        "a block on the transit gateway of a private-IP VPN",
        "give the TransitGateway a /24",
    ),
    setting(
        "a transport for a public connection",
        lambda s: s.connection(gateway=s.tgw, transport_transit_gateway_attachment_id=TRANSPORT),
        "transport_transit_gateway_attachment_id",
        TRANSPORT,
        "none otherwise",
        "leave both out",
    ),
    setting(
        "static routing with ipv6 inside",
        lambda s: s.connection(gateway=s.tgw, routing=Static([IDC]), tunnel_inside_ip_version="ipv6", tunnels=IPV6),
        "routing",
        "Static",
        "Static takes IPv4 networks",
        "use Bgp()",
    ),
    setting(
        "an ipv4 network with ipv6 inside",
        lambda s: s.connection(
            gateway=s.tgw, tunnel_inside_ip_version="ipv6", tunnels=IPV6, local_ipv4_network_cidr=IDC
        ),
        "local_ipv4_network_cidr",
        IDC,
        "a tunnel carries one version",
        "leave it out",
    ),
    address(
        "the same ipv6 block on two connections of a gateway",
        same_ipv6_blocks,
        "inside_ipv6_cidr",
        "fd00::/126",
        "a block that no other tunnel of the gateway uses",
        "another /126",
    ),
    setting(
        "a device with ipv6 inside",
        with_ipv6_inside,
        "connection",
        "with IPv6 inside",
        "tunnels that carry IPv4 on a CgwInstance",
        "use a device of your own",
    ),
    active_active("to a vgw", lambda s: equal_paths(s, s.vgw)),
    active_active("without bgp", lambda s: equal_paths(s, s.tgw, bgp=False)),
    active_active("without ecmp", lambda s: equal_paths(s, TransitGateway(s.stack, "Own", vpn_ecmp_support=False))),
]
