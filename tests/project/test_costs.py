"""The cost of a scenario is counted in its template, and the documents show the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.costs.documents import generated_documents, replace_part
from tools.costs.pricing import PriceList, bill, read_prices, total
from tools.pages import page_of
from tools.template import Template

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prices() -> PriceList:
    return read_prices()


def one(kind: str, **properties: Any) -> Template:
    return Template("One", {"Resources": {"It": {"Type": f"AWS::{kind}", "Properties": properties}}})


def test_the_documents_are_what_templates_and_prices_say(scenarios: list[Template], prices: PriceList) -> None:
    outdated = [
        path.relative_to(REPOSITORY).as_posix()
        for path, text in generated_documents(scenarios, prices, REPOSITORY).items()
        if path.read_text() != text
    ]
    assert outdated == [], "run: make docs"


def test_a_connection_costs_its_hour_two_public_addresses_and_the_secret_of_its_keys(prices: PriceList) -> None:
    lines = bill(one("EC2::VPNConnection", PreSharedKeyStorage="SecretsManager"), prices)
    assert {line.item: line.quantity for line in lines} == {
        "Site-to-Site VPN connection": 1,
        "public IPv4 address": 2,
        "secret": 1,
    }
    assert total(lines) == pytest.approx(0.05 + 2 * 0.005 + 0.40 / 730)


def test_large_tunnels_and_a_transit_gateway_have_prices_of_their_own(prices: PriceList) -> None:
    lines = bill(one("EC2::VPNConnection", TunnelBandwidth="large", TransitGatewayId="tgw-1"), prices)
    assert total(lines) == pytest.approx(0.60 + 0.05 + 2 * 0.005)


def test_an_instance_costs_its_hour_its_disk_and_its_monitoring(prices: PriceList) -> None:
    disk = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "VolumeType": "gp3"}}]
    template = one("EC2::Instance", InstanceType="t3.micro", Monitoring=True, BlockDeviceMappings=disk)
    assert total(bill(template, prices)) == pytest.approx(0.0104 + (8 * 0.08 + 2.10) / 730)


def test_a_dashboard_costs_its_month_and_each_metric_that_is_not_awss_own_once(prices: PriceList) -> None:
    healthy = ["CustomerGateway", "Healthy", "Device", "Cgw", {"label": "Cgw"}]
    widgets = [
        {"properties": {"metrics": [["AWS/VPN", "TunnelState", "VpnId", "vpn-1"], healthy]}},
        {"properties": {"metrics": [healthy, ["CustomerGateway", "Healthy", "Device", "Other"]]}},
        {"properties": {"markdown": "no metric"}},
    ]
    body = {"Fn::Join": ["", [json.dumps({"widgets": widgets})]]}
    lines = bill(one("CloudWatch::Dashboard", DashboardBody=body), prices)
    assert {line.item: line.quantity for line in lines} == {"CloudWatch dashboard": 1, "CloudWatch custom metric": 2}
    assert total(lines) == pytest.approx((3 + 2 * 0.30) / 730)


@pytest.mark.parametrize(
    "template",
    [one("EC2::NatGateway"), one("EC2::Instance", InstanceType="x9.huge")],
    ids=["type", "instance type"],
)
def test_what_has_no_price_is_an_error_and_not_free(template: Template, prices: PriceList) -> None:
    with pytest.raises(LookupError, match="no price for"):
        bill(template, prices)


def test_a_second_device_with_its_own_connection_costs_more_than_a_cluster(
    scenario: dict[str, Template], prices: PriceList
) -> None:
    costs = {name: total(bill(template, prices)) for name, template in scenario.items()}
    assert costs["ScenarioSingleTunnel"] < costs["ScenarioCgwCluster"] < costs["ScenarioDualCgwBgp"]


def test_every_price_has_its_source(prices: PriceList) -> None:
    assert all(source.startswith("https://aws.amazon.com/") for source in prices.sources.values())
    assert set(prices.sources) == set(prices.hourly)


def test_the_page_of_a_scenario_is_named_after_it() -> None:
    assert page_of("ScenarioDualCgwBgp").as_posix() == "docs/scenarios/dual-cgw-bgp.md"


def test_a_document_without_the_markers_is_an_error() -> None:
    with pytest.raises(LookupError, match="markers"):
        replace_part("no markers here", "costs", "table")
