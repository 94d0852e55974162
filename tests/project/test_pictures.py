"""The committed pictures are up to date with the templates, and show what a reader looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.picture import parsed
from tools.pictures.__main__ import picture
from vpn_model.read_template.template import Template

REPOSITORY = Path(__file__).parents[2]
NAMES = (
    "ScenarioSingleTunnel",
    "ScenarioDualTunnel",
    "ScenarioCgwCluster",
    "ScenarioDualCgwStatic",
    "ScenarioDualCgwBgp",
    "ScenarioTransitGatewayEcmp",
    "ScenarioClientVpn",
)


def lines(svg: str) -> dict[str, str]:
    """The title of each line with its style."""
    return {
        (group.findtext(f"{parsed.SVG}title") or ""): parsed.classes(group)[1].removeprefix("vpn-")
        for group in parsed.parse(svg).iter(f"{parsed.SVG}g")
        if "vpn-line" in parsed.classes(group)
    }


def test_there_is_a_picture_of_every_scenario(scenarios: list[Template]) -> None:
    assert tuple(template.name for template in scenarios) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_picture_is_what_the_template_says(scenario: dict[str, Template], name: str) -> None:
    committed = (REPOSITORY / "docs" / "images" / f"{name}.svg").read_text(encoding="utf-8")
    assert picture(scenario[name]) == committed, "the picture is out of date; run: make docs"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "ScenarioDualCgwBgp",
            (
                *("VPC 10.60.0.0/16", "VPC 10.50.0.0/16", "Availability Zone 2", "public subnet 10.60.0.0/24"),
                *("t3.micro · 10.60.0.100", "Elastic IP", "from CgwActive, AS 65000", "BGP", "169.254.20.0/30"),
                *("AS 64512", "10.50.0.0/16 via CgwActive", "VRRP, iBGP with CgwActive"),
            ),
        ),
        ("ScenarioCgwCluster", ("VRRP with CgwStandby", "static: 10.60.0.0/16", "and 10.60.0.110")),
        (
            "ScenarioTransitGatewayEcmp",
            ("transit gateway", "uses equal paths", "route table FromVpcs", "VPC 10.51.0.0/16", "10.60.0.0/16 via Tgw"),
        ),
        ("ScenarioClientVpn", ("Client VPN endpoint, udp 443", "Clients 10.70.0.0/22", "learns 10.60.0.0/16")),
    ],
)
def test_a_picture_shows_what_a_reader_looks_for(
    scenario: dict[str, Template], name: str, expected: tuple[str, ...]
) -> None:
    words = parsed.words(picture(scenario[name]))
    assert [one for one in expected if one not in words] == []


def test_a_tunnel_that_no_device_brings_up_is_unused(scenario: dict[str, Template]) -> None:
    styles = lines(picture(scenario["ScenarioSingleTunnel"]))
    assert styles["tunnel 1 of Vpn: not deployed, or its state is not known"] == "planned"
    assert styles["tunnel 2 of Vpn: no device is configured for it"] == "unused"


def test_the_address_of_a_cluster_may_go_to_either_device(scenario: dict[str, Template]) -> None:
    styles = lines(picture(scenario["ScenarioCgwCluster"]))
    assert styles["CgwActive may take the Elastic IP Cluster"] == "may-move"
    assert styles["CgwStandby may take the Elastic IP Cluster"] == "may-move"
    assert styles["CgwActive holds the Elastic IP CgwActive"] == "held"
    assert styles["CgwActive and CgwStandby: VRRP"] == "pair"


def test_the_first_zone_stands_above_the_second(scenario: dict[str, Template]) -> None:
    tops = {
        group.findtext(f"{parsed.SVG}title"): parsed.rect_of(group).y
        for group in parsed.boxes(picture(scenario["ScenarioDualCgwBgp"])).values()
    }
    active, standby = (f"customer gateway device {name}, planned" for name in ("CgwActive", "CgwStandby"))
    assert tops[active] < tops[standby]
