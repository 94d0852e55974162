"""A hub: what each site gets, and that no site moves when another comes or goes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    AmazonSideGateway,
    QuotaError,
    Site,
    TransitGateway,
    TransitGatewayRouteTable,
    VirtualPrivateGateway,
    VpnConnection,
    VpnHub,
    VpnMonitoring,
)
from cdk_aws_vpn.foundation.quotas import TRANSIT_GATEWAY_ATTACHMENTS
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway
from tests.constructs.site import most_at_once, resources

SITES = [
    Site(number=number, name=f"site-{number}", address=f"203.0.113.{number}", bgp_asn=65000 + number)
    for number in (0, 1, 2, 9, 10, 25)
]


def vgw(stack: Stack, number: int) -> AmazonSideGateway:
    return VirtualPrivateGateway.from_id(stack, "Vgw", f"vgw-{number:017x}", amazon_side_asn=64512)


def hub(sites: list[Site] = SITES, **options: Any) -> VpnHub:
    app = App(builtin_cloud_formation_validation=False, analytics_reporting=False)
    return VpnHub(app, "Hub", **{"sites": sites, "gateway": vgw, **options})


def templates(sites: list[Site]) -> dict[int, Any]:
    return {number: Template.from_stack(stack).to_json() for number, stack in hub(sites).stacks.items()}


def test_each_site_stands_in_the_stack_of_its_number() -> None:
    found = {
        number: sorted(
            each["DeviceName"] for each in resources(Template.from_stack(stack), "AWS::EC2::CustomerGateway")
        )
        for number, stack in hub().stacks.items()
    }
    assert found == {0: ["site-0", "site-1", "site-2", "site-9"], 1: ["site-10"], 2: ["site-25"]}


def test_each_stack_ends_on_its_own_gateway() -> None:
    for number, stack in hub().stacks.items():
        gateways = {each["VpnGatewayId"] for each in resources(Template.from_stack(stack), "AWS::EC2::VPNConnection")}
        assert gateways == {f"vgw-{number:017x}"}


def test_a_new_site_changes_its_own_stack_and_moves_nothing_in_it() -> None:
    before = templates(SITES)
    new = Site(number=3, name="new", address="203.0.113.200", bgp_asn=65200)
    after = templates([new, *SITES])
    assert {number for number in after if after[number] != before.get(number)} == {0}
    assert json.loads(json.dumps(after[0]["Resources"])).items() >= before[0]["Resources"].items()


def test_the_order_of_the_list_shows_in_no_template() -> None:
    shuffled = SITES[::-1]
    assert json.dumps(templates(shuffled)) == json.dumps(templates(SITES))


def test_a_site_without_its_neighbours_is_the_same() -> None:
    alone = templates([SITES[-1]])
    assert alone == {2: templates(SITES)[2]}


def test_an_existing_customer_gateway_and_static_routes_are_used() -> None:
    site = Site(
        number=4,
        name="old",
        customer_gateway_id="cgw-0123456789abcdef0",
        routing="static",
        prefixes=["10.4.0.0/16", "10.5.0.0/16"],
    )
    template = Template.from_stack(hub([site]).stacks[0])
    template.resource_count_is("AWS::EC2::CustomerGateway", 0)
    template.resource_count_is("AWS::EC2::VPNConnectionRoute", 2)
    [connection] = resources(template, "AWS::EC2::VPNConnection")
    assert connection["CustomerGatewayId"] == "cgw-0123456789abcdef0"
    assert connection["StaticRoutesOnly"] is True


def test_monitoring_is_called_once_a_stack_with_its_connections() -> None:
    seen: dict[str, list[str]] = {}

    def monitor(stack: Stack, connections: dict[str, VpnConnection]) -> None:
        assert all(Stack.of(each) is stack for each in connections.values())
        seen[stack.node.id] = list(connections)

    made = hub(monitor=monitor)
    assert seen == {"Sites0": ["site-0", "site-1", "site-2", "site-9"], "Sites1": ["site-10"], "Sites2": ["site-25"]}
    assert sorted(made.connections) == sorted(site.name for site in SITES)


def test_each_site_has_its_id_and_outside_addresses_as_outputs() -> None:
    outputs = Template.from_stack(hub().stacks[1]).to_json()["Outputs"]
    assert len(outputs) == 3


@pytest.mark.parametrize("per_stack", [1, 20])
def test_a_transit_gateway_is_shared_by_the_stacks(per_stack: int) -> None:
    made = hub(
        gateway=lambda stack, _: TransitGateway.from_id(stack, "Tgw", "tgw-0123456789abcdef0"),
        sites_per_stack=per_stack,
    )
    assert set(made.stacks) == {site.number // per_stack for site in SITES}
    cidrs = [tunnel.inside_cidr for each in made.connections.values() for tunnel in each.tunnels]
    assert len(set(cidrs)) == 2 * len(SITES)


def existing_tgw(stack: Stack, _: int) -> AmazonSideGateway:
    return TransitGateway.from_id(stack, "Tgw", "tgw-0123456789abcdef0")


def test_the_attachments_of_a_transit_gateway_count_over_the_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(TRANSIT_GATEWAY_ATTACHMENTS, default=4)
    monkeypatch.setattr("cdk_aws_vpn.sites.vpn_hub.TRANSIT_GATEWAY_ATTACHMENTS", few)
    with pytest.raises(QuotaError, match=r"4 at most .*use another transit gateway"):
        hub(gateway=existing_tgw, sites_per_stack=2)


def test_static_sites_get_their_routes_where_the_hub_is_told_to() -> None:
    def route(stack: Stack, connections: dict[str, VpnConnection]) -> None:
        gateway = next(iter(connections.values())).gateway
        assert isinstance(gateway, BaseTransitGateway)
        table = TransitGatewayRouteTable.from_id(stack, "Table", "tgw-rtb-0123456789abcdef0", transit_gateway=gateway)
        for connection in connections.values():
            table.route_to(connection)

    site = Site(number=4, name="old", address="203.0.113.4", routing="static", prefixes=["10.4.0.0/16"])
    template = Template.from_stack(hub([site], gateway=existing_tgw, route=route).stacks[0])
    template.has_resource_properties("AWS::EC2::TransitGatewayRoute", {"DestinationCidrBlock": "10.4.0.0/16"})


def test_the_quotas_of_a_region_count_all_hubs_in_it() -> None:
    app = App(builtin_cloud_formation_validation=False, analytics_reporting=False)
    here, there = (Environment(account="111122223333", region=region) for region in ("eu-west-1", "eu-west-3"))

    def more(construct_id: str, env: Environment) -> VpnHub:
        sites = [
            Site(number=number, name=f"site-{number}", address=f"203.0.113.{number}", bgp_asn=65000 + number)
            for number in range(30)
        ]
        return VpnHub(app, construct_id, sites=sites, gateway=vgw, env=env)

    more("North", here)
    more("South", there)
    with pytest.raises(QuotaError, match=r"50 at most \('VPN connections per Region'\)"):
        more("East", here)


def watch(stack: Stack, connections: dict[str, VpnConnection]) -> None:
    VpnMonitoring(stack, "Monitoring", connections=list(connections.values()))


def test_a_full_stack_can_be_watched_within_the_resources_of_a_template() -> None:
    sites = [
        Site(number=number, name=f"site-{number}", address=f"203.0.113.{number}", bgp_asn=65000 + number)
        for number in range(10)
    ]
    (stack,) = hub(sites, monitor=watch).stacks.values()
    template = Template.from_stack(stack)
    names = [alarm["AlarmName"] for alarm in resources(template, "AWS::CloudWatch::Alarm")]
    assert sum(name.endswith(" outage") for name in names) == len(sites)
    assert len(template.to_json()["Resources"]) <= 500


def test_aws_gets_at_most_four_connections_of_a_stack_at_once() -> None:
    many = [Site(number=n, name=f"s{n}", address=f"203.0.113.{n}", bgp_asn=65000 + n) for n in range(10)]
    found = Template.from_stack(hub(many).stacks[0]).find_resources("AWS::EC2::VPNConnection")
    assert most_at_once({name: one.get("DependsOn", []) for name, one in found.items()}) == 4
