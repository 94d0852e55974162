"""Bad gateways and connections, and options that exclude each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_aws_vpn import Bgp, CustomerGateway, TransitGateway, VirtualPrivateGateway
from tests.constructs.bad_input import Bad, setting
from tests.constructs.site import IDC, Site

GATEWAY = "AmazonSideGateway"


def connection(behaviour: str, prop: str, value: Any, allowed: str, remedy: str, **more: Any) -> Bad:
    arguments = {prop: value, **more}
    return setting(f"a connection with {behaviour}", lambda s: s.connection(**arguments), prop, value, allowed, remedy)


def existing(behaviour: str, use: Callable[..., Any], prop: str, value: Any, allowed: str) -> Bad:
    return setting(f"an existing {behaviour}", lambda s: s.make(use, value), prop, value, allowed, "VPC console")


def propagate(site: Site, tables: Any, times: int = 1) -> None:
    gateway = VirtualPrivateGateway(site.stack, "Gateway", vpc=site.vpc)
    for _ in range(times):
        gateway.propagate_routes_to(tables)


BAD_CONNECTIONS = [
    connection("an unknown profile", "security_profile", "strong", "recommended, cnsa, compatibility", "choose one"),
    connection("no profile", "security_profile", None, "recommended, cnsa, compatibility", "choose one"),
    connection("a list of profiles", "security_profile", ["cnsa"], "recommended, cnsa, compatibility", "choose one"),
    connection("a list for routing", "routing", [IDC], "Bgp or Static", "write Bgp() or Static([...])"),
    connection("the class for routing", "routing", Bgp, "Bgp or Static", "write Bgp() or Static([...])"),
    connection("no routing", "routing", None, "Bgp or Static", "write Bgp() or Static([...])"),
    connection("the id of a gateway", "gateway", "vgw-0123456789abcdef0", GATEWAY, "VirtualPrivateGateway.from_id(…)"),
    connection(
        "the id of a customer gateway",
        "customer_gateway",
        "cgw-0123456789abcdef0",
        "CustomerGateway",
        "CustomerGateway.from_id(…)",
    ),
    setting(
        "a connection with a text for a key, which may be a pre-shared one",
        lambda s: s.connection(encryption_key="alias/vpn"),
        "encryption_key",
        "(a text of 9 characters)",
        "a kms.IKey",
        "Key.from_key_arn(…)",
    ),
    connection("keys stored elsewhere", "pre_shared_key_storage", "Vault", "SecretsManager or Standard", "choose one"),
    connection("an unknown bandwidth", "tunnel_bandwidth", "huge", "standard or large", "choose one of these"),
    connection("an unknown ip version", "tunnel_inside_ip_version", "ipv5", "ipv4 or ipv6", "choose one of these"),
    connection("text for acceleration", "enable_acceleration", "false", "True or False", "quotation marks"),
    connection("acceleration on a vgw", "enable_acceleration", True, "on a transit gateway only", "TransitGateway"),
    connection("large bandwidth on a vgw", "tunnel_bandwidth", "large", "on a transit gateway only", "TransitGateway"),
    connection("ipv6 on a vgw", "tunnel_inside_ip_version", "ipv6", "on a transit gateway only", "TransitGateway"),
    setting(
        "large bandwidth with acceleration",
        lambda s: s.connection(gateway=s.tgw, enable_acceleration=True, tunnel_bandwidth="large"),
        "tunnel_bandwidth",
        "large",
        "standard, with enable_acceleration",
        "remove one of the two",
    ),
    setting(
        "a static route on a bgp connection",
        lambda s: s.connection(routing=Bgp()).add_static_route(IDC),
        "prefix",
        IDC,
        "routing=Static(…) only",
        "announce the network by BGP",
    ),
    existing("vgw by its name", VirtualPrivateGateway.from_id, "vpn_gateway_id", "my-vgw", "vgw- and 8 or 17"),
    existing("vgw by another's id", VirtualPrivateGateway.from_id, "vpn_gateway_id", "tgw-01234567", "vgw- and 8"),
    existing("vgw by half an id", VirtualPrivateGateway.from_id, "vpn_gateway_id", "vgw-0123", "hexadecimal digits"),
    existing("vgw by no id", VirtualPrivateGateway.from_id, "vpn_gateway_id", None, "hexadecimal digits"),
    existing("tgw by a vgw's id", TransitGateway.from_id, "transit_gateway_id", "vgw-01234567", "tgw- and 8 or 17"),
    existing("customer gateway by its address", CustomerGateway.from_id, "customer_gateway_id", "203.0.113.7", "cgw-"),
    setting(
        "a certificate by its name",
        lambda s: s.make(CustomerGateway, address="203.0.113.9", certificate_arn="my-certificate"),
        "certificate_arn",
        "my-certificate",
        "a certificate in AWS Certificate Manager",
        "arn:aws:acm",
    ),
    setting(
        "a certificate of iam",
        lambda s: s.make(
            CustomerGateway, address="203.0.113.9", certificate_arn="arn:aws:iam::111122223333:server-certificate/x"
        ),
        "certificate_arn",
        "arn:aws:iam::111122223333:server-certificate/x",
        "a certificate in AWS Certificate Manager",
        "arn:aws:acm",
    ),
    setting(
        "a gateway for the id of a vpc",
        lambda s: s.make(VirtualPrivateGateway, vpc="vpc-0123456789abcdef0"),
        "vpc",
        "vpc-0123456789abcdef0",
        "an ec2.IVpc",
        "ec2.Vpc.from_lookup(…)",
    ),
    setting(
        "propagation into no route table",
        lambda s: propagate(s, []),
        "route_tables",
        [],
        "one or more route tables",
        "private subnets",
    ),
    setting(
        "propagation into the id of a route table",
        lambda s: propagate(s, ["rtb-01234567"]),
        "route_tables",
        "rtb-01234567",
        "a list of ec2.IRouteTable",
        "subnet.route_table",
    ),
    setting(
        "propagation set up twice",
        lambda s: propagate(s, [s.vpc.isolated_subnets[0].route_table], times=2),
        "route_tables",
        ["rtb-0123456789abcdef1"],
        "one call per gateway",
        "first call",
    ),
]
