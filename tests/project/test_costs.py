"""The cost of a scenario is counted in its template, and the documents show the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.costs.documents import generated_documents, replace_part
from tools.costs.needs import counted
from tools.pages import page_of
from vpn_model.costs.bill import bill, require_known, total
from vpn_model.costs.prices import PriceList, read_prices
from vpn_model.read_template.template import Template

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prices() -> PriceList:
    return read_prices()


def test_the_documents_are_what_templates_and_prices_say(scenarios: list[Template], prices: PriceList) -> None:
    outdated = [
        path.relative_to(REPOSITORY).as_posix()
        for path, text in generated_documents(scenarios, prices, REPOSITORY).items()
        if path.read_text() != text
    ]
    assert outdated == [], "run: make docs"


def test_the_documents_leave_out_nothing_that_has_no_price(scenarios: list[Template], prices: PriceList) -> None:
    class WithMore(Template):
        name = scenarios[0].name

    nat_gateway = WithMore({"Resources": {"Nat": {"Type": "AWS::EC2::NatGateway"}}})
    with pytest.raises(LookupError, match="not known: AWS::EC2::NatGateway"):
        generated_documents([nat_gateway], prices, REPOSITORY)


def test_what_a_scenario_needs_is_counted(scenario: dict[str, Template]) -> None:
    found = {name: counted(template) for name, template in scenario.items()}
    vcpus = {name: (one["vcpus_standard"], one["vcpus_without_hosts"]) for name, one in found.items()}
    assert vcpus == {
        "ScenarioSingleTunnel": (6, 2),
        "ScenarioDualTunnel": (6, 2),
        "ScenarioClientVpn": (6, 2),
        "ScenarioCgwCluster": (8, 4),
        "ScenarioDualCgwStatic": (8, 4),
        "ScenarioDualCgwBgp": (8, 4),
        "ScenarioTransitGatewayEcmp": (10, 4),
    }
    addresses = {name: one["addresses"] for name, one in found.items()}
    assert (sum(addresses.values()), addresses["ScenarioCgwCluster"]) == (12, 3)
    assert {name for name, one in found.items() if one["vpcs"] != 2} == {"ScenarioTransitGatewayEcmp"}
    assert {one["instance_connect_endpoints"] - one["vpcs"] for one in found.values()} == {0}


def test_the_documents_leave_out_nothing_that_was_not_counted() -> None:
    group = Template({"Resources": {"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup"}}})
    with pytest.raises(LookupError, match="not counted: Group: the instances that it starts"):
        counted(group)


def test_a_second_device_with_its_own_connection_costs_more_than_a_cluster(
    scenario: dict[str, Template], prices: PriceList
) -> None:
    costs = {name: total(require_known(bill(template, prices))) for name, template in scenario.items()}
    assert costs["ScenarioSingleTunnel"] < costs["ScenarioCgwCluster"] < costs["ScenarioDualCgwBgp"]


def test_the_page_of_a_scenario_is_named_after_it() -> None:
    assert page_of("ScenarioDualCgwBgp").as_posix() == "docs/scenarios/dual-cgw-bgp.md"


def test_a_document_without_the_markers_is_an_error() -> None:
    with pytest.raises(LookupError, match="markers"):
        replace_part("no markers here", "costs", "table")
