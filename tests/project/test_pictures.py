"""The committed pictures are up to date with the templates, and every change of a network is visible."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tools.pictures.__main__ import picture
from tools.pictures.drawing import draw
from tools.pictures.network import Pair
from tools.pictures.reading import read_network
from tools.pictures.render import render
from tools.template import Template

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
SAMPLE: dict[str, Any] = {
    "Idc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"CidrBlock": "10.1.0.0/24", "VpcId": {"Ref": "Idc"}, "AvailabilityZone": "us-east-1a"},
    },
    "Interface": {
        "Type": "AWS::EC2::NetworkInterface",
        "Properties": {
            "SubnetId": {"Ref": "Subnet"},
            "PrivateIpAddresses": [
                {"Primary": False, "PrivateIpAddress": "10.1.0.20"},
                {"Primary": True, "PrivateIpAddress": "10.1.0.10"},
            ],
        },
    },
    "Device": {
        "Type": "AWS::EC2::Instance",
        "Properties": {
            "InstanceType": "t4g.nano",
            "NetworkInterfaces": [{"DeviceIndex": "0", "NetworkInterfaceId": {"Ref": "Interface"}}],
            "UserData": {"Fn::Base64": {"Fn::Join": ["", ["tunnel 1 169.254.8.2/30 ", {"Ref": "AWS::Region"}]]}},
        },
    },
    "Gateway": {"Type": "AWS::EC2::TransitGateway", "Properties": {"AmazonSideAsn": 64700}},
    "Customer": {"Type": "AWS::EC2::CustomerGateway", "Properties": {"BgpAsn": 65010, "IpAddress": "203.0.113.9"}},
    "Connection": {
        "Type": "AWS::EC2::VPNConnection",
        "Properties": {
            "CustomerGatewayId": {"Ref": "Customer"},
            "TransitGatewayId": {"Ref": "Gateway"},
            "VpnTunnelOptionsSpecifications": [
                {"TunnelInsideCidr": "169.254.8.0/30"},
                {"TunnelInsideCidr": "169.254.9.0/30"},
            ],
        },
    },
}


def sample(**changed: dict[str, Any]) -> Template:
    return Template("Sample", {"Resources": SAMPLE | changed})


def words(svg: str) -> str:
    return " ".join(unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))).split())


def height_of(svg: str, text: str) -> float:
    found = re.search(rf'<text[^>]* y="([-0-9.]+)"[^>]*>{re.escape(text)}<', svg)
    assert found, f"{text} is not in the picture"
    return float(found[1])


def test_there_is_a_picture_of_every_scenario(scenarios: list[Template]) -> None:
    assert tuple(template.name for template in scenarios) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_picture_is_what_the_template_says(scenario: dict[str, Template], name: str) -> None:
    committed = (REPOSITORY / "docs" / "images" / f"{name}.svg").read_text()
    assert picture(scenario[name]) == committed, "the picture is out of date; run: make docs"


def test_a_picture_shows_what_a_reader_looks_for(scenario: dict[str, Template]) -> None:
    text = words(picture(scenario["ScenarioDualCgwBgp"]))
    for expected in (
        "VPC 10.60.0.0/16",
        "VPC 10.50.0.0/16",
        "Availability Zone 2",
        "public subnet 10.60.0.0/24",
        "10.60.0.100",
        "Elastic IP",
        "customer gateway AS 65000",
        "BGP",
        "169.254.20.0/30",
        "AS 64512",
        "10.50.0.0/16 via CgwActive",
        "VRRP, iBGP",
    ):
        assert expected in text


def test_the_first_zone_stands_above_the_second(scenario: dict[str, Template]) -> None:
    svg = picture(scenario["ScenarioDualCgwBgp"])
    assert height_of(svg, "CgwActive") < height_of(svg, "CgwStandby")


def test_a_tunnel_that_no_device_brings_up_is_dashed(scenario: dict[str, Template]) -> None:
    (connection,) = read_network(scenario["ScenarioSingleTunnel"]).connections
    assert [bool(tunnel.devices) for tunnel in connection.tunnels] == [True, False]
    (connection,) = read_network(scenario["ScenarioDualTunnel"]).connections
    assert [bool(tunnel.devices) for tunnel in connection.tunnels] == [True, True]


@pytest.mark.parametrize(
    ("name", "protocols"),
    [
        ("ScenarioCgwCluster", ("VRRP",)),
        ("ScenarioDualCgwStatic", ("VRRP",)),
        ("ScenarioDualCgwBgp", ("VRRP", "iBGP")),
    ],
)
def test_the_devices_of_a_pair_are_found_by_their_configuration(
    scenario: dict[str, Template], name: str, protocols: tuple[str, ...]
) -> None:
    network = read_network(scenario[name])
    names = {one.id: one.name for vpc in network.vpcs for subnet in vpc.subnets for one in subnet.instances}
    assert [Pair(names[pair.first], names[pair.second], pair.protocols) for pair in network.pairs] == [
        Pair("CgwActive", "CgwStandby", protocols)
    ]


def test_the_address_of_a_cluster_may_go_to_either_device(scenario: dict[str, Template]) -> None:
    network = read_network(scenario["ScenarioCgwCluster"])
    shared = [address for address in network.addresses if len({address.held_by, *address.may_move_to} - {None}) == 2]
    assert [address.id for address in shared] == [connection.address for connection in network.connections]


def test_a_connection_to_a_transit_gateway_and_a_real_device_is_drawn() -> None:
    text = words(picture(sample()))
    assert "transit gateway AS 64700" in text
    assert "customer gateway AS 65010" in text
    assert "t4g.nano 10.1.0.10 and 10.1.0.20" in text


@pytest.mark.parametrize(
    "change",
    [
        lambda: sample(Idc={"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.2.0.0/16"}}),
        lambda: sample(Gateway={"Type": "AWS::EC2::TransitGateway", "Properties": {"AmazonSideAsn": 64800}}),
        lambda: sample(Device={**SAMPLE["Device"], "Properties": {**SAMPLE["Device"]["Properties"], "UserData": ""}}),
        lambda: sample(Address={"Type": "AWS::EC2::EIP", "Properties": {"InstanceId": {"Ref": "Device"}}}),
        lambda: sample(Second=SAMPLE["Connection"]),
    ],
    ids=["cidr", "asn", "tunnel no longer configured", "elastic ip", "second connection"],
)
def test_a_change_of_the_template_changes_the_picture(change: Callable[[], Template]) -> None:
    assert draw(read_network(change())) != draw(read_network(sample()))


def test_what_graphviz_cannot_draw_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="graphviz could not draw the picture: graphviz: error"):
        render("digraph { a -> ")
