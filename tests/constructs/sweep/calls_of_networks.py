"""Calls of networks, attachments, route tables and sites, and what makes a template of the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import Environment

from cdk_aws_vpn import (
    CloudVpc,
    Host,
    IdcVpc,
    PinnedAmi,
    Site,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TwoTierVpc,
    VpnHub,
)
from tests.constructs.sweep.bench import ENVIRONMENT, Bench
from tests.constructs.sweep.calls import NETWORK, Ready, construct, subject

# network
construct(TwoTierVpc, lambda _: {"cidr": "10.60.0.0/16", "max_azs": 1, "internet_access": False})
construct(IdcVpc, lambda _: {"cidr": "10.60.0.0/16", "max_azs": 1})
construct(CloudVpc, lambda _: {"cidr": "10.50.0.0/16", "max_azs": 1, "internet_access": False})


@subject("TwoTierVpc.address")
def _address(bench: Bench) -> Ready:
    vpc = CloudVpc(bench.stack, bench.new_id())
    return Ready(vpc.address, {"subnet": vpc.private_subnets[0], "host": 100})


@subject("TwoTierVpc.add_host")
def _add_host(bench: Bench) -> Ready:
    vpc = CloudVpc(bench.stack, bench.new_id())
    return Ready(
        lambda **given: vpc.add_host(**{"construct_id": bench.new_id(), **given}),
        {
            "reachable_from": [NETWORK],
            "private_address": f"10.50.1.{bench.number() % 100 + 20}",
            "architecture": "arm64",
        },
    )


construct(
    Host,
    lambda bench: {
        "vpc": bench.vpc,
        "subnet": bench.vpc.isolated_subnets[0],
        "reachable_from": [NETWORK],
        "private_address": bench.private_address(public=False),
        "ssh_from": bench.security_group,
        "architecture": "x86_64",
        "instance_type": "t3.micro",
    },
)
construct(PinnedAmi, lambda _: {"architecture": "x86_64", "release": "1"})
subject("PinnedAmi.of")(
    lambda bench: Ready(PinnedAmi.of, {"construct": bench.stack, "architecture": "arm64", "release": "1"})
)


# transit
construct(
    TransitGatewayVpcAttachment,
    lambda bench: {
        "transit_gateway": TransitGateway(bench.stack, bench.new_id()),
        "vpc": bench.vpc,
        "subnets": bench.vpc.isolated_subnets,
        "appliance_mode_support": False,
        "dns_support": True,
        "ipv6_support": False,
        "name": "attachment",
    },
)


def _attachment(bench: Bench, gateway: Any = None) -> TransitGatewayVpcAttachment:
    return TransitGatewayVpcAttachment(
        bench.stack,
        bench.new_id(),
        transit_gateway=gateway or TransitGateway(bench.stack, bench.new_id()),
        vpc=bench.vpc,
        subnets=bench.vpc.isolated_subnets,
    )


@subject("TransitGatewayVpcAttachment.route_from")
def _route_from(bench: Bench) -> Ready:
    return Ready(_attachment(bench).route_from, {"route_tables": bench.route_tables, "destinations": [NETWORK]})


construct(TransitGatewayRouteTable, lambda bench: {"transit_gateway": bench.tgw, "name": "table"})
construct(
    TransitGatewayRouteTable.from_id,
    lambda bench: {"route_table_id": "tgw-rtb-0123456789abcdef0", "transit_gateway": bench.tgw},
    "TransitGatewayRouteTable.from_id",
)


def _table(bench: Bench, gateway: Any) -> TransitGatewayRouteTable:
    return TransitGatewayRouteTable(bench.stack, bench.new_id(), transit_gateway=gateway)


def _of_table(name: str, arguments: Callable[[Any], dict[str, Any]], variadic: str | None = None) -> None:
    def make(bench: Bench) -> Ready:
        gateway = TransitGateway(bench.stack, bench.new_id())
        static = bench.connection(gateway=gateway, routing=Static([NETWORK]))
        given = {**arguments(static if name == "route_to" else _attachment(bench, gateway))}
        return Ready(getattr(_table(bench, gateway), name), given, variadic)

    subject(f"TransitGatewayRouteTable.{name}")(make)


_of_table("associate", lambda one: {"attachments": one}, "attachments")
_of_table("propagate_from", lambda one: {"attachments": one}, "attachments")
_of_table("route_to", lambda one: {"connection": one})
_of_table("add_route", lambda one: {"destination_cidr": "10.63.0.0/16", "attachment": one})
_of_table("add_blackhole", lambda _: {"destination_cidr": "10.64.0.0/16"})


# sites
@subject("VpnHub")
def _hub(bench: Bench) -> Ready:
    return Ready(
        lambda **given: VpnHub(bench.app, f"Hub{bench.number()}", **given),
        {
            "sites": [Site(number=bench.number() % 7999, name="berlin", address=bench.address())],
            "gateway": lambda stack, _: TransitGateway(stack, "Tgw"),
            "route": lambda _, __: None,
            "monitor": lambda _, __: None,
            "sites_per_stack": 10,
            "env": Environment(**ENVIRONMENT),
        },
    )


@subject("Site")
def _site(bench: Bench) -> Ready:
    return Ready(
        lambda **given: VpnHub(
            bench.app,
            f"Hub{bench.number()}",
            sites=[Site(**given)],
            gateway=lambda stack, _: TransitGateway(stack, "Tgw"),
            route=lambda _, __: None,
            env=Environment(**ENVIRONMENT),
        ),
        {
            "number": bench.number() % 7999,
            "name": "berlin",
            "branch": "berlin",
            "address": bench.address(),
            "customer_gateway_id": None,
            "bgp_asn": 65010,
            "prefixes": [NETWORK],
            "routing": "bgp",
            "security_profile": "recommended",
        },
    )
