"""The CDK CLI completes the look-ups of an app that starts without a context, for every construct that takes a VPC."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.constructs import looked_up
from tests.constructs.looked_up import FOLDER, OTHER_CIDR, OTHER_VPC, PARAMETERS, VPC, VPC_CIDR
from tests.region.conftest import Stack
from vpn_lab.region import Region

PROJECT = Path(__file__).parents[2]
APP = f"{sys.executable} {looked_up.__file__}"
PLACEHOLDERS = ("dummy", "1.2.3.4/5", "vpc-12345", '"s-12345', '"p-12345', "rtb-12345")


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def network(name: str, tag: str, cidr: str, tiers: tuple[str, ...]) -> dict[str, Any]:
    """A VPC with a subnet and a route table per tier and zone: ``10.x.0.0/24`` and so on, tier by tier."""
    tags = [{"Key": "Name", "Value": tag}]
    found: dict[str, Any] = {name: {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr, "Tags": tags}}}
    start = cidr.removesuffix(".0.0/16")
    for position, (tier, zone) in enumerate((tier, zone) for tier in tiers for zone in (0, 1)):
        subnet, table = f"{name}{tier}{zone}", f"{name}{tier}{zone}Table"
        zones = {"Fn::Select": [zone, {"Fn::GetAZs": ""}]}
        of_vpc = {"VpcId": ref(name)}
        block = {**of_vpc, "CidrBlock": f"{start}.{position}.0/24", "AvailabilityZone": zones}
        found |= {
            subnet: {"Type": "AWS::EC2::Subnet", "Properties": block},
            table: {"Type": "AWS::EC2::RouteTable", "Properties": of_vpc},
            f"{subnet}Association": {
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {"SubnetId": ref(subnet), "RouteTableId": ref(table)},
            },
        }
        if tier == "Public":
            route = {"RouteTableId": ref(table), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": ref("Igw")}
            found[f"{subnet}Route"] = {"Type": "AWS::EC2::Route", "Properties": route, "DependsOn": "IgwAttachment"}
    return found


@pytest.fixture
def existing(bootstrapped: Region, stack: Stack) -> Iterator[Stack]:
    """What the app looks up: two VPCs with what belongs to them, a security group and the parameters."""
    attach = {"Type": "AWS::EC2::VPCGatewayAttachment"}
    resources = {
        **network("Vpc", VPC, VPC_CIDR, ("Public", "Private")),
        **network("Other", OTHER_VPC, OTHER_CIDR, ("Private",)),
        "Igw": {"Type": "AWS::EC2::InternetGateway"},
        "IgwAttachment": {**attach, "Properties": {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Igw")}},
        "Vgw": {"Type": "AWS::EC2::VPNGateway", "Properties": {"Type": "ipsec.1"}},
        "VgwAttachment": {**attach, "Properties": {"VpcId": ref("Vpc"), "VpnGatewayId": ref("Vgw")}},
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "looked up", "VpcId": ref("Vpc")},
        },
    }
    assert stack.create(resources) == "CREATE_COMPLETE"
    ssm = bootstrapped.client("ssm")
    for name, value in PARAMETERS.items():
        ssm.put_parameter(Name=f"{FOLDER}{name}", Value=value, Type="String")
    yield stack
    for name in PARAMETERS:
        ssm.delete_parameter(Name=f"{FOLDER}{name}")


def test_an_app_without_a_context_is_synthesized_with_what_the_cli_finds(
    bootstrapped: Region, existing: Stack, tmp_path: Path
) -> None:
    group = existing.physical_id("Group")
    path = os.pathsep.join([str(PROJECT / "constructs"), str(PROJECT)])
    (tmp_path / "cdk.context.json").write_text("{}")
    bootstrapped.cdk("synth", "--quiet", "-c", f"group={group}", app=APP, directory=tmp_path, PYTHONPATH=path)
    context = json.loads((tmp_path / "cdk.context.json").read_text())
    assert sum(key.startswith("ssm:") for key in context) == len(PARAMETERS)
    assert sum(key.startswith("vpc-provider:") for key in context) == 3
    assert "missing" not in json.loads((bootstrapped.assembly / "manifest.json").read_text())
    templates = [each.read_text() for each in bootstrapped.assembly.glob("*.template.json")]
    assert len(templates) == 4
    assert [word for word in PLACEHOLDERS for text in templates if word in text] == []
    assert any(existing.physical_id("Vgw") in text for text in templates)
