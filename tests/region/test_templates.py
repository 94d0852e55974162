"""Functions, parameters, tags, events, secrets and the deletion of a stack, as on AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.region.templates import Resources, parameter, subnet, vpc
from vpn_lab.region import Region


def test_functions_conditions_and_parameters_give_what_aws_gives(stack: Any) -> None:
    outputs = {
        "Zone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]},
        "Cidr": {"Fn::Select": [2, {"Fn::Cidr": ["10.0.0.0/16", 4, 8]}]},
        "Sub": {"Fn::Sub": ["${a}-${AWS::Region}-${Name}", {"a": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}}]},
        "Split": {"Fn::Select": [0, {"Fn::Split": [".", "a.b"]}]},
        "Map": {"Fn::FindInMap": ["M", "k", "v"]},
        "Image": {"Ref": "Image"},
        "If": {"Fn::If": ["IsJoined", "yes", "no"]},
    }
    status = stack.create(
        {"Vpc": vpc(), "Only": {**parameter("v"), "Condition": "Never"}},
        Parameters={
            "Name": {"Type": "String", "Default": "n"},
            "Image": {
                "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                "Default": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64",
            },
        },
        Mappings={"M": {"k": {"v": "mapped"}}},
        Conditions={
            "IsJoined": {"Fn::Equals": ["n-x", {"Fn::Join": ["-", [{"Ref": "Name"}, "x"]]}]},
            "Never": {"Fn::Not": [{"Condition": "IsJoined"}]},
        },
        Outputs={name: {"Value": value} for name, value in outputs.items()},
    )
    assert status == "CREATE_COMPLETE"
    found = stack.outputs
    assert found.pop("Image").startswith("ami-")
    assert found == {
        "Zone": "us-east-1b",
        "Cidr": "10.0.2.0/24",
        "Sub": "10.0.0.0/16-us-east-1-n",
        "Split": "a",
        "Map": "mapped",
        "If": "yes",
    }
    assert "Only" not in {one["LogicalResourceId"] for one in stack.events()}


def test_a_dependency_in_the_variable_map_of_a_sub_orders_the_resources(stack: Any) -> None:
    value = {"Fn::Sub": ["${address}", {"address": {"Fn::GetAtt": ["Zz", "PublicIp"]}}]}
    resources = {"Aa": parameter(value), "Zz": {"Type": "AWS::EC2::EIP"}}
    assert stack.create(resources, Outputs={"V": {"Value": {"Fn::GetAtt": ["Aa", "Value"]}}}) == "CREATE_COMPLETE"
    assert stack.outputs["V"] == stack.physical_id("Zz")


def test_an_export_is_imported_and_cannot_be_taken_away_meanwhile(new_stack: Callable[[], Any], refusal: Any) -> None:
    exporting, importing = new_stack(), new_stack()
    assert exporting.create(
        {"Vpc": vpc()}, Outputs={"Id": {"Value": {"Ref": "Vpc"}, "Export": {"Name": "the-vpc"}}}
    ) == "CREATE_COMPLETE"  # fmt: skip
    imported = subnet(VpcId={"Fn::ImportValue": "the-vpc"})
    assert importing.create({"Subnet": imported}) == "CREATE_COMPLETE"
    assert refusal(exporting.client.delete_stack, StackName=exporting.name) == "ValidationError"


def test_resources_carry_the_tags_of_the_template_of_the_stack_and_of_cloudformation(stack: Any, ec2: Any) -> None:
    named = vpc(Tags=[{"Key": "Name", "Value": "mine"}])
    assert stack.create({"Vpc": named}, Tags=[{"Key": "team", "Value": "network"}]) == "CREATE_COMPLETE"
    found = ec2.describe_vpcs(VpcIds=[stack.physical_id("Vpc")])["Vpcs"][0]["Tags"]
    assert {one["Key"]: one["Value"] for one in found} == {
        "Name": "mine",
        "team": "network",
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.described()["StackId"],
        "aws:cloudformation:logical-id": "Vpc",
    }


def test_events_are_in_the_order_in_which_things_happened(stack: Any) -> None:
    stack.create({"Vpc": vpc(), "Subnet": subnet()})
    events = stack.events()
    times = [one["Timestamp"] for one in events]
    assert times == sorted(set(times))
    happened = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in events]
    assert happened == [
        (stack.name, "CREATE_IN_PROGRESS"),
        ("Vpc", "CREATE_IN_PROGRESS"),
        ("Vpc", "CREATE_COMPLETE"),
        ("Subnet", "CREATE_IN_PROGRESS"),
        ("Subnet", "CREATE_COMPLETE"),
        (stack.name, "CREATE_COMPLETE"),
    ]


def test_a_retained_resource_outlives_its_stack(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": {**vpc(), "DeletionPolicy": "Retain"}})
    identifier = stack.physical_id("Vpc")
    assert stack.delete() == "DELETE_COMPLETE"
    assert ec2.describe_vpcs(VpcIds=[identifier])["Vpcs"]
    ec2.delete_vpc(VpcId=identifier)


def test_a_stack_is_deleted_by_its_arn(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": vpc()})
    identifier = stack.physical_id("Vpc")
    assert stack.delete(stack.described()["StackId"]) == "DELETE_COMPLETE"
    assert identifier not in {one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]}


GENERATED = {"ExcludePunctuation": True, "PasswordLength": 40, "RequireEachIncludedType": True}


def test_a_generated_secret_keeps_its_rules_and_its_value_until_they_change(stack: Any, region: Region) -> None:
    def secret(**rules: Any) -> Resources:
        template = {"SecretStringTemplate": "{}", "GenerateStringKey": "psk", **GENERATED, **rules}
        return {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": template}}}

    def value() -> str:
        answer = region.client("secretsmanager").get_secret_value(SecretId=stack.physical_id("Secret"))
        return str(json.loads(answer["SecretString"])["psk"])

    stack.create(secret())
    first = value()
    assert len(first) == 40
    assert first.isalnum()
    assert stack.physical_id("Secret").startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:")
    described = secret()
    described["Secret"]["Properties"]["Description"] = "words"
    assert stack.update(described) == "UPDATE_COMPLETE"
    assert value() == first
    assert stack.update(secret(PasswordLength=50)) == "UPDATE_COMPLETE"
    assert len(value()) == 50
