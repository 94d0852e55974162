"""Sites that cannot be, and hubs that AWS does not grant."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnResource, Stack

from cdk_aws_vpn import AmazonSideGateway, TransitGateway, VirtualPrivateGateway, VpnHub
from cdk_aws_vpn import Site as VpnSite
from tests.constructs.bad_input import address, quota, setting
from tests.constructs.site import Site

EXISTING = "cgw-0123456789abcdef0"


def make(**options: Any) -> VpnSite:
    return VpnSite(**{"number": 0, "name": "berlin", "address": "203.0.113.7", **options})


def many(count: int, **options: Any) -> list[VpnSite]:
    """Sites with devices of their own, or with existing customer gateways."""
    return [
        make(number=n, name=f"s{n}", address=f"203.0.{113}.{n % 256}", bgp_asn=65000 + n, **options)
        for n in range(count)
    ]


def existing(count: int) -> list[VpnSite]:
    return [make(number=n, name=f"s{n}", address=None, customer_gateway_id=f"cgw-{n:017x}") for n in range(count)]


def tgw(stack: Stack, _: int) -> AmazonSideGateway:
    return TransitGateway.from_id(stack, "Tgw", "tgw-0123456789abcdef0")


def hub(site: Site, **options: Any) -> VpnHub:
    return VpnHub(site.app, "Hub", **{"sites": [make()], "gateway": tgw, **options})


def crowd(stack: Stack, _: object) -> None:
    for number in range(500):
        CfnResource(stack, f"Alarm{number}", type="AWS::CloudWatch::Alarm")


BAD_SITES = [
    setting("a site number below 0", lambda _: make(number=-1), "number", -1, "0 to 7998", "another Region or account"),
    setting("a site number too high", lambda _: make(number=7999), "number", 7999, "0 to 7998", "another Region"),
    setting(
        "a site name with a space", lambda _: make(name="a b"), "name", "a b", "letters, digits", "like 'berlin-2'"
    ),
    setting("a site without a device", lambda _: make(address=None), "address", None, "either", "one of the two"),
    setting(
        "a site with two devices",
        lambda _: make(customer_gateway_id=EXISTING),
        "address",
        "203.0.113.7",
        "either",
        "one of the two",
    ),
    address(
        "a site behind a private address", lambda _: make(address="10.0.0.1"), "address", "10.0.0.1", "public", "NAT"
    ),
    setting(
        "a site with another routing", lambda _: make(routing="ospf"), "routing", "ospf", "bgp or static", "choose"
    ),
    address("a static site without networks", lambda _: make(routing="static"), "prefixes", (), "one or more", "like"),
    setting("a hub without sites", lambda s: hub(s, sites=[]), "sites", [], "one or more sites", "[Site(…), Site(…)]"),
    setting(
        "a hub with something else", lambda s: hub(s, sites=["berlin"]), "sites", "berlin", "Site", "Site(number=0"
    ),
    setting(
        "two sites of one number",
        lambda s: hub(s, sites=[make(), make(name="paris")]),
        "number",
        0,
        "berlin has this one",
        "choose another",
    ),
    setting(
        "two sites of one name",
        lambda s: hub(s, sites=[make(), make(number=1)]),
        "name",
        "berlin",
        "berlin has this one",
        "choose another",
    ),
    setting(
        "two sites of one existing customer gateway",
        lambda s: hub(
            s, sites=[make(number=n, name=f"s{n}", address=None, customer_gateway_id=EXISTING) for n in (0, 1)]
        ),
        "customer_gateway_id",
        EXISTING,
        "s0 has this one",
        "choose another",
    ),
    address(
        "two sites with one network",
        lambda s: hub(s, sites=[make(prefixes=["10.0.0.0/8"]), make(number=1, name="paris", prefixes=["10.1.0.0/16"])]),
        "prefixes",
        "10.1.0.0/16",
        "berlin has 10.0.0.0/8",
        "correct paris or berlin",
    ),
    setting("no site a stack", lambda s: hub(s, sites_per_stack=0), "sites_per_stack", 0, "1 to 100", "leave it out"),
    setting(
        "a hub's function that returns no gateway",
        lambda s: hub(s, gateway=lambda *_: "tgw-1"),
        "gateway",
        "tgw-1",
        "AmazonSideGateway",
        "from the function",
    ),
    quota(
        "a hub with fifty-one connections",
        lambda s: hub(s, sites=existing(51)),
        "sites",
        51,
        "50 at most ('VPN connections per Region')",
        "L-3E6EC3A3",
    ),
    quota(
        "a hub with fifty-one customer gateways",
        lambda _: hub(Site(context={"cdk-aws-vpn:quotas": {"vpn-connections-per-region": 100}}), sites=many(51)),
        "sites",
        51,
        "50 at most ('Customer gateways per Region')",
        "L-4FB7FF5D",
    ),
    quota(
        "an eleventh site on a virtual private gateway",
        lambda s: hub(
            s,
            sites=existing(11),
            sites_per_stack=11,
            gateway=lambda stack, _: VirtualPrivateGateway.from_id(stack, "Vgw", "vgw-0123456789abcdef0"),
        ),
        "gateway",
        11,
        "10 at most ('VPN connections per virtual private gateway')",
        "L-B91E5754",
    ),
    setting(
        "a static site on a transit gateway without a route",
        lambda s: hub(s, sites=[make(routing="static", prefixes=["10.4.0.0/16"])]),
        "routing",
        "berlin",
        "adds routes to the transit gateway",
        "TransitGatewayRouteTable.route_to",
    ),
    setting(
        "two hubs on a transit gateway with sites of the same number",
        lambda s: (hub(s), VpnHub(s.app, "Other", sites=[make(address="203.0.113.8")], gateway=tgw)),
        "number",
        0,
        "no other hub on tgw-0123456789abcdef0 uses; Hub/Sites0 uses it",
        "different numbers",
    ),
    quota(
        "a stack of a hub with too many resources",
        lambda s: hub(s, monitor=crowd),
        "sites_per_stack",
        509,
        "500 at most",
        "fewer into each stack",
    ),
]
