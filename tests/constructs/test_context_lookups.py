"""The first synthesis of an app that looks things up: every construct takes the placeholders of the look-ups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm

from cdk_aws_vpn import VirtualPrivateGateway, VpnConfigurationError
from cdk_aws_vpn.checks.tokens import is_placeholder
from tests.constructs.looked_up import FOLDER, PARAMETERS, LookedUp

ENV = Environment(account="123456789012", region="eu-west-1")


@pytest.fixture(scope="module")
def missing() -> list[dict[str, Any]]:
    """What the CLI has to look up after the first synthesis."""
    app = App(builtin_cloud_formation_validation=False, analytics_reporting=False)
    LookedUp(app, ENV, "sg-0123456789abcdef0")
    manifest = json.loads(Path(app.synth().directory, "manifest.json").read_text())
    return list(manifest["missing"])


def test_the_first_synthesis_ends_and_names_every_vpc_and_group(missing: list[dict[str, Any]]) -> None:
    assert {each["provider"] for each in missing} == {"vpc-provider", "security-group", "ssm", "availability-zones"}
    assert sum(each["provider"] == "vpc-provider" for each in missing) == 3


def test_every_text_that_a_construct_takes_may_be_a_parameter(missing: list[dict[str, Any]]) -> None:
    asked = {each["props"]["parameterName"] for each in missing if each["provider"] == "ssm"}
    assert asked == {f"{FOLDER}{name}" for name in PARAMETERS}


def test_the_placeholders_are_those_of_the_cdk() -> None:
    stack = Stack(App(analytics_reporting=False), "Stack", env=ENV)
    vpc = ec2.Vpc.from_lookup(stack, "Vpc", is_default=True)
    subnets = [*vpc.public_subnets, *vpc.private_subnets, *vpc.isolated_subnets]
    assert len(subnets) == 6
    placeholders = [
        vpc.vpc_id,
        vpc.vpc_cidr_block,
        *(subnet.subnet_id for subnet in subnets),
        *(subnet.ipv4_cidr_block for subnet in subnets),
        *(subnet.route_table.route_table_id for subnet in subnets),
        *(subnet.availability_zone for subnet in subnets),
        *stack.availability_zones,
        ec2.SecurityGroup.from_lookup_by_id(stack, "Group", "sg-0123456789abcdef0").security_group_id,
        ec2.MachineImage.lookup(name="ours").get_image(stack).image_id,
        ssm.StringParameter.value_from_lookup(stack, "/any/parameter"),
    ]
    assert [each for each in placeholders if not is_placeholder(each)] == []


def test_a_vpc_without_a_gateway_is_refused_once_it_has_been_found() -> None:
    stack = Stack(App(analytics_reporting=False), "Stack")
    attributes = {"vpc_id": "vpc-0123456789abcdef0", "availability_zones": ["eu-west-1a"]}
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", **attributes)  # type: ignore[arg-type]
    with pytest.raises(VpnConfigurationError, match="return_vpn_gateways=True"):
        VirtualPrivateGateway.from_id(stack, "Vgw", vpc.vpn_gateway_id)
