"""Bad transit gateways, and bad attachments of a VPC."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import (
    TransitGateway,
    TransitGatewayVpcAttachment,
)
from tests.constructs.bad_input import Bad, address, quota, setting
from tests.constructs.site import Site

SIX_BLOCKS = [f"10.{number}.0.0/24" for number in range(6)]
MAKE = "make one with TransitGateway(…)"


def blocks(behaviour: str, value: Any, shown: Any, allowed: str) -> Bad:
    return address(
        f"a transit gateway {behaviour}",
        lambda s: s.make(TransitGateway, cidr_blocks=value),
        "cidr_blocks",
        shown,
        allowed,
        "10.200.0.0/24",
    )


def attach(site: Site, **arguments: Any) -> TransitGatewayVpcAttachment:
    defaults: dict[str, Any] = {"transit_gateway": site.tgw, "vpc": site.vpc, "subnets": site.vpc.isolated_subnets}
    return TransitGatewayVpcAttachment(site.stack, "Attachment", **{**defaults, **arguments})


def attachment(behaviour: str, prop: str, value: Any, allowed: str, remedy: str) -> Bad:
    shown = value[0] if isinstance(value, list) and value else value
    return setting(f"an attachment {behaviour}", lambda s: attach(s, **{prop: value}), prop, shown, allowed, remedy)


def attach_twice(site: Site) -> None:
    attach(site)
    TransitGatewayVpcAttachment(
        site.stack, "Again", transit_gateway=site.tgw, vpc=site.vpc, subnets=site.vpc.public_subnets
    )


def same_zone(site: Site) -> None:
    ids = ("subnet-0123456789abcdef0", "subnet-0123456789abcdef1")
    subnets = [
        ec2.Subnet.from_subnet_attributes(site.stack, name, subnet_id=name, availability_zone="eu-west-1a")
        for name in ids
    ]
    attach(site, subnets=subnets)


def route_from_twice(site: Site) -> None:
    one, tables = attach(site), [site.vpc.isolated_subnets[0].route_table]
    for _ in range(2):
        one.route_from(tables, ["10.0.0.0/8"])


def gateways(site: Site, count: int) -> None:
    for number in range(count):
        TransitGateway(site.stack, f"Tgw{number}")


BAD_TRANSIT = [
    blocks("with text for its blocks", "10.200.0.0/24", "10.200.0.0/24", "a list of at most 5"),
    blocks("with six blocks", SIX_BLOCKS, SIX_BLOCKS, "a list of at most 5"),
    blocks("with a small block", ["10.200.0.0/25"], "10.200.0.0/25", "/24 or larger for IPv4"),
    blocks("with a small ipv6 block", ["2001:db8::/65"], "2001:db8::/65", "/64 or larger for IPv6"),
    blocks("with a link-local block", ["169.254.0.0/16"], "169.254.0.0/16", "which tunnels use inside"),
    blocks("with an address for a block", ["10.200.0.1/24"], "10.200.0.1/24", "no host bit set"),
    setting(
        "a transit gateway with text for ecmp",
        lambda s: s.make(TransitGateway, vpn_ecmp_support="enable"),
        "vpn_ecmp_support",
        "enable",
        "True or False",
        "quotation marks",
    ),
    quota(
        "a sixth transit gateway",
        lambda s: gateways(s, 6),
        "TransitGateway",
        6,
        "5 at most ('Transit gateways per account')",
        "have the quota raised",
    ),
    attachment("to the id of a gateway", "transit_gateway", "tgw-01234567", "BaseTransitGateway", MAKE),
    attachment("of the id of a vpc", "vpc", "vpc-01234567", "an ec2.IVpc", "ec2.Vpc.from_lookup(…)"),
    attachment("without a subnet", "subnets", [], "one or more subnets", "one of each Availability Zone"),
    attachment("in the id of a subnet", "subnets", ["subnet-1"], "an ec2.ISubnet", "pass one of the VPC's"),
    attachment("with text for appliance mode", "appliance_mode_support", "on", "True or False", "quotation marks"),
    setting(
        "an attachment with two subnets of a zone",
        same_zone,
        "subnets",
        "Stack/subnet-0123456789abcdef1",
        "one subnet in each Availability Zone",
        "leave it out",
    ),
    setting(
        "a vpc attached twice",
        attach_twice,
        "vpc",
        "Stack/ExistingVpc",
        "one attachment per VPC; it has Stack/Attachment",
        "use that one",
    ),
    setting(
        "an attachment routed to twice",
        route_from_twice,
        "route_tables",
        ["rtb-0123456789abcdef1"],
        "one call per attachment",
        "first call",
    ),
    address(
        "an attachment routed to for no network",
        lambda s: attach(s).route_from([s.vpc.isolated_subnets[0].route_table], []),
        "destinations",
        [],
        "a list of one or more networks",
        "write it like",
    ),
]
