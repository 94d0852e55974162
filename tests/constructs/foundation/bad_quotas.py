"""More than AWS grants, and a policy put where it cannot work."""

from __future__ import annotations

from typing import Any

from aws_cdk import App
from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import CustomerGateway, Static, VirtualPrivateGateway, apply_vpn_policy
from tests.constructs.bad_input import Bad, quota, setting
from tests.constructs.site import Site

QUOTAS = "cdk-aws-vpn:quotas"
RAISED = "have the quota raised"
PREFIXES = [f"10.{number}.0.0/16" for number in range(101)]


def context(behaviour: str, value: Any, prop: str, shown: Any, allowed: str) -> Bad:
    return setting(behaviour, lambda _: Site(context={QUOTAS: value}).connection(), prop, shown, allowed, "in cdk.json")


def connections(site: Site, count: int, *, per_gateway: int) -> None:
    for number in range(count):
        if number % per_gateway == 0:
            name = f"Vgw{number}"
            gateway = VirtualPrivateGateway.from_id(site.stack, name, f"vgw-{number:017x}", amazon_side_asn=64512)
        site.connection(f"Vpn{number}", gateway=gateway)


def customer_gateways(site: Site, count: int) -> None:
    for number in range(count):
        CustomerGateway(site.stack, f"Cgw{number}", address=f"203.0.113.{number + 1}")


def virtual_private_gateways(site: Site, count: int) -> None:
    for number in range(count):
        vpc = ec2.Vpc.from_vpc_attributes(
            site.stack, f"Vpc{number}", vpc_id=f"vpc-{number:017x}", availability_zones=["eu-west-1a"]
        )
        VirtualPrivateGateway(site.stack, f"Gateway{number}", vpc=vpc)


def policy_twice() -> None:
    app = App()
    apply_vpn_policy(app)
    apply_vpn_policy(app)


BAD_QUOTAS = [
    quota(
        "an eleventh connection on a gateway",
        lambda s: connections(s, 11, per_gateway=11),
        "gateway",
        11,
        "10 at most ('VPN connections per virtual private gateway')",
        RAISED,
    ),
    quota(
        "a fifty-first connection in a region",
        lambda s: connections(s, 51, per_gateway=10),
        "VpnConnection",
        51,
        "50 at most ('VPN connections per Region')",
        RAISED,
    ),
    quota(
        "a fifty-first customer gateway",
        lambda s: customer_gateways(s, 51),
        "CustomerGateway",
        51,
        "50 at most ('Customer gateways per Region')",
        RAISED,
    ),
    quota(
        "a sixth virtual private gateway",
        lambda s: virtual_private_gateways(s, 6),
        "VirtualPrivateGateway",
        6,
        "5 at most ('Virtual private gateways per Region')",
        RAISED,
    ),
    quota(
        "a hundred and first static route",
        lambda s: s.connection(routing=Static(PREFIXES)),
        "prefixes",
        101,
        "100 at most ('Static routes per VPN connection')",
        RAISED,
    ),
    quota(
        "a hundred and first static route added later",
        lambda s: s.connection(routing=Static(PREFIXES[:100])).add_static_route(PREFIXES[100]),
        "prefixes",
        101,
        "100 at most",
        RAISED,
    ),
    context("quotas that are not a map", 20, f"context {QUOTAS}", 20, "a map from the key of a quota to a number"),
    context("an unknown quota", {"vpns": 20}, f"context {QUOTAS}", "vpns", "vpn-connections-per-vgw"),
    context(
        "a quota in words",
        {"vpn-connections-per-vgw": "many"},
        f"context {QUOTAS}/vpn-connections-per-vgw",
        "many",
        "a whole number",
    ),
    setting(
        "a policy of an unknown rule pack",
        lambda _: apply_vpn_policy(App(), rule_packs=["PCI"]),
        "rule_packs",
        "PCI",
        "AwsSolutions or NIST.800.53.R5",
        "choose one of these",
    ),
    setting(
        "a policy after the first stack",
        lambda s: apply_vpn_policy(s.app),
        "app",
        "with stacks",
        "an app without stacks",
        "before the first stack",
    ),
    setting("a policy applied twice", lambda _: policy_twice(), "app", "with the policy", "one call", "remove"),
    setting(
        "a policy on something else than an app",
        lambda s: s.make(lambda *_: apply_vpn_policy("app")),  # type: ignore[arg-type]
        "app",
        "app",
        "App",
        "cdk.App itself",
    ),
]
