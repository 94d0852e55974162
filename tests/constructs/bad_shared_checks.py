"""Mistakes that several constructs answer with one shared check: each construct is tried, since each must call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_aws_vpn import (
    CgwCluster,
    CgwPair,
    ClientVpn,
    Host,
    MutualTls,
    PinnedAmi,
    ProbeConfig,
    TransitGateway,
    TransitGatewayVpcAttachment,
    TunnelLogOptions,
    TunnelOptions,
    TwoTierVpc,
)
from tests.constructs.bad_input import Bad, address, option, setting
from tests.constructs.site import CLOUD, Site

FLAG = ("True or False", "write it without quotation marks")
CHOICE = "choose"
Write = Callable[..., Any]


def host(site: Site, **arguments: Any) -> Host:
    subnet = site.idc.private_subnets[0]
    return Host(site.stack, "X", **{"vpc": site.idc.vpc, "subnet": subnet, "reachable_from": [CLOUD], **arguments})


def attachment(site: Site, **arguments: Any) -> TransitGatewayVpcAttachment:
    defaults = {"transit_gateway": site.tgw, "vpc": site.idc.vpc, "subnets": site.idc.private_subnets}
    return TransitGatewayVpcAttachment(site.stack, "X", **{**defaults, **arguments})


def vpc(site: Site, **arguments: Any) -> TwoTierVpc:
    defaults = {"cidr": CLOUD, "max_azs": 1, "internet_access": False}
    return TwoTierVpc(site.stack, "X", **{**defaults, **arguments})


def cluster(site: Site, **arguments: Any) -> CgwCluster:
    defaults: dict[str, Any] = {
        "active": site.member(),
        "standby": site.member("Standby", 1),
        "active_shared_address": "10.60.0.110",
        "standby_shared_address": "10.60.2.110",
        "idc_route_tables": site.idc.private_route_tables,
    }
    return CgwCluster(site.stack, "X", **{**defaults, **arguments})


def pair(site: Site, **arguments: Any) -> CgwPair:
    defaults: dict[str, Any] = {**site.pair(), "idc_route_tables": site.idc.private_route_tables}
    return CgwPair(site.stack, "X", **{**defaults, **arguments})


def client_vpn(site: Site, **arguments: Any) -> Any:
    defaults: dict[str, Any] = {
        "vpc": site.idc.vpc,
        "subnets": site.idc.private_subnets,
        "client_cidr": "10.70.0.0/22",
        "server_certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/0b1c2d3e",
        "authentication": [MutualTls()],
        "split_tunnel": True,
    }
    return ClientVpn(site.stack, "X", **{**defaults, **arguments})


def flag(what: str, make: Write, prop: str) -> Bad:
    return setting(f"text for {prop} of {what}", lambda s: make(s, **{prop: "false"}), prop, "false", *FLAG)


def number(prop: str, value: int, allowed: str) -> Bad:
    return setting(
        f"probes with {prop} of {value}", lambda _: ProbeConfig(**{prop: value}), prop, value, allowed, CHOICE
    )


BAD_SHARED_CHECKS = [
    *(
        flag("a new transit gateway", lambda s, **more: s.make(TransitGateway, **more), prop)
        for prop in (
            "default_route_table_association",
            "default_route_table_propagation",
            "auto_accept_shared_attachments",
            "dns_support",
        )
    ),
    flag("an attachment", attachment, "dns_support"),
    flag("an attachment", attachment, "ipv6_support"),
    flag("a vpc of two tiers", vpc, "internet_access"),
    flag("an endpoint", client_vpn, "disconnect_on_session_timeout"),
    number("interval_milliseconds", 99, "100 to 5000"),
    number("silence_milliseconds", 299, "300 to 10000"),
    number("recoveries", 0, "1 to 200"),
    address("a vpc of two tiers without a block", lambda s: vpc(s, cidr="10/8"), "cidr", "10/8", "CIDR", "write"),
    setting("a vpc of two tiers with three zones", lambda s: vpc(s, max_azs=3), "max_azs", 3, "1 or 2", "two devices"),
    setting("the id of a vpc for a host", lambda s: host(s, vpc="vpc-1"), "vpc", "vpc-1", "ec2.IVpc", "from_lookup"),
    setting(
        "a host of a family without a size",
        lambda s: host(s, instance_type="t3"),
        "instance_type",
        "t3",
        "a family and a size",
        "t3.micro",
    ),
    setting(
        "an image without a release",
        lambda s: PinnedAmi(s.stack, "X", release=""),
        "release",
        "",
        "a text that is not empty",
        "like '2'",
    ),
    setting(
        "a cluster with a large router id",
        lambda s: cluster(s, virtual_router_id=256),
        "virtual_router_id",
        256,
        "1 to 255",
        "",
    ),
    setting(
        "a cluster without route tables",
        lambda s: cluster(s, idc_route_tables=[]),
        "idc_route_tables",
        [],
        "one or more route tables",
        "private subnets",
    ),
    setting("a cluster with the name of a device", lambda s: cluster(s, active="a"), "active", "a", "CgwInstance", ""),
    setting("a pair with the name of a device", lambda s: pair(s, active="a"), "active", "a", "CgwInstance", ""),
    address("a device with an asn of aws", lambda s: s.device(bgp_asn=7224), "bgp_asn", 7224, "any ASN that AWS", ""),
    option(
        "a log in another format",
        lambda _: TunnelLogOptions(log_output_format="xml"),
        "log_output_format",
        "xml",
        "json or text",
        CHOICE,
    ),
    option(
        "a bgp log in another format",
        lambda _: TunnelLogOptions(bgp_log_output_format="xml"),
        "bgp_log_output_format",
        "xml",
        "json or text",
        CHOICE,
    ),
    option(
        "the name of a group for the bgp log",
        lambda _: TunnelLogOptions(bgp_log_group="group"),  # type: ignore[arg-type]
        "bgp_log_group",
        "group",
        "a logs.ILogGroup",
        "from_log_group_name",
    ),
    option(
        "an unknown integrity algorithm of phase 1",
        lambda _: TunnelOptions(phase1_integrity_algorithms=("MD5",)),
        "phase1_integrity_algorithms",
        "MD5",
        "SHA1, SHA2-256",
        CHOICE,
    ),
]
