"""CloudFormation rejects what AWS rejects, says why, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.templates import Resources, customer_gateway, parameter, subnet, vpc
from vpn_lab.region import Region

BROKEN: dict[str, tuple[Resources, str]] = {
    "unknown property": ({"Bad": vpc(Cidr="10.0.0.0/8")}, "extraneous key [Cidr] is not permitted"),
    "unknown nested property": (
        {"Bad": vpc(Tags=[{"Key": "a", "Value": "b", "Colour": "c"}])},
        "extraneous key [Tags/0/Colour] is not permitted",
    ),
    "read-only property": ({"Bad": vpc(VpcId="vpc-1")}, "extraneous key [VpcId] is not permitted"),
    "missing property": (
        {"Vpc": vpc(), "Bad": {"Type": "AWS::EC2::Subnet", "Properties": {"CidrBlock": "10.0.1.0/24"}}},
        "required key [VpcId] not found",
    ),
    "wrong type": ({"Bad": vpc(EnableDnsSupport="perhaps")}, "'perhaps' is not of type 'boolean'"),
    "value outside its list": (
        {
            "Bad": {
                "Type": "AWS::EC2::VPNConnection",
                "Properties": {
                    "Type": "ipsec.1",
                    "CustomerGatewayId": "cgw-1",
                    "VpnTunnelOptionsSpecifications": [{"StartupAction": "wait"}],
                },
            }
        },
        "#/VpnTunnelOptionsSpecifications/0/StartupAction: 'wait' is not one of ['add', 'start']",
    ),
    "unknown property of a type that ministack has": (
        {"Bad": {"Type": "AWS::Logs::LogGroup", "Properties": {"Name": "x"}}},
        "extraneous key [Name] is not permitted",
    ),
    "unknown attribute": (
        {"Vpc": vpc(), "Bad": parameter({"Fn::GetAtt": ["Vpc", "NoSuchAttribute"]})},
        "Requested attribute NoSuchAttribute does not exist in schema for AWS::EC2::VPC",
    ),
    "attribute that AWS does not give": (
        {
            "Gateway": customer_gateway("198.51.100.77"),
            "Connection": {
                "Type": "AWS::EC2::VPNConnection",
                "Properties": {"Type": "ipsec.1", "CustomerGatewayId": {"Ref": "Gateway"}},
            },
            "Bad": parameter({"Fn::GetAtt": ["Connection", "OutsideIpAddress"]}),
        },
        "Requested attribute OutsideIpAddress does not exist",
    ),
    "refused by the service": (
        {"Vpc": vpc(), "Bad": subnet(CidrBlock="10.1.0.0/24")},
        "InvalidSubnet.Range",
    ),
    "unresolvable secret": (
        {"Bad": parameter("{{resolve:secretsmanager:no-such-secret:SecretString:key}}")},
        "secret no-such-secret not found",
    ),
}


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_resource_fails_with_its_reason_and_leaves_nothing(case: str, stack: Any) -> None:
    resources, reason = BROKEN[case]
    assert stack.create(resources) == "ROLLBACK_COMPLETE"
    assert reason in stack.reason("Bad")
    assert stack.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("resources", "sections", "message"),
    [
        ({"Bad": {"Type": "AWS::EC2::Vpc", "Properties": {}}}, {}, "Unrecognized resource types: [AWS::EC2::Vpc]"),
        ({"Bad": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {}}}, {}, "Unrecognized resource types"),
        ({"Bad": parameter({"Ref": "Nowhere"})}, {}, "Unresolved resource dependencies [Nowhere]"),
        ({"Bad": parameter({"Fn::GetAtt": ["Nowhere", "Arn"]})}, {}, "Unresolved resource dependencies [Nowhere]"),
        ({"Bad": {**parameter("v"), "DependsOn": "Nowhere"}}, {}, "Unresolved resource dependencies [Nowhere]"),
        (
            {"One": parameter({"Ref": "Two"}), "Two": parameter({"Ref": "One"})},
            {},
            "Circular dependency",
        ),
        ({"Good": parameter("v")}, {"Parameters": {"Missing": {"Type": "String"}}}, "Missing"),
    ],
)
def test_a_template_that_cannot_be_is_refused_before_anything_is_made(
    resources: Resources, sections: dict[str, Any], message: str, stack: Any
) -> None:
    with pytest.raises(ClientError, match="ValidationError") as problem:
        stack.create(resources, **sections)
    assert message in str(problem.value)


def test_a_secret_does_not_appear_in_the_event_of_the_resource_that_refuses_it(stack: Any, region: Region) -> None:
    secret = "0-a-key-that-EC2-refuses"  # noqa: S105 -- refused on purpose
    region.client("secretsmanager").create_secret(Name="refused-key", SecretString=secret)
    connection = {
        "Type": "ipsec.1",
        "CustomerGatewayId": {"Ref": "Gateway"},
        "VpnTunnelOptionsSpecifications": [{"PreSharedKey": "{{resolve:secretsmanager:refused-key}}"}],
    }
    resources = {
        "Gateway": customer_gateway("198.51.100.78"),
        "Bad": {"Type": "AWS::EC2::VPNConnection", "Properties": connection},
    }
    try:
        assert stack.create(resources) == "ROLLBACK_COMPLETE"
        assert "PreSharedKey" in stack.reason("Bad")
        assert secret not in json.dumps(stack.events(), default=str)
        assert secret not in region.settings.log_file.read_text()
    finally:
        region.client("secretsmanager").delete_secret(SecretId="refused-key", ForceDeleteWithoutRecovery=True)


def test_a_second_identical_customer_gateway_fails(new_stack: Callable[[], Any]) -> None:
    first, second = new_stack(), new_stack()
    assert first.create({"Gateway": customer_gateway("198.51.100.10")}) == "CREATE_COMPLETE"
    assert second.create({"Gateway": customer_gateway("198.51.100.10")}) == "ROLLBACK_COMPLETE"
    assert "AlreadyExists" in second.reason("Gateway")
    assert first.delete() == "DELETE_COMPLETE"


def test_a_protected_stack_is_not_deleted(stack: Any, refusal: Any) -> None:
    stack.create({"Vpc": vpc()}, EnableTerminationProtection=True)
    assert refusal(stack.client.delete_stack, StackName=stack.name) == "ValidationError"


def test_what_something_else_uses_keeps_the_stack_from_being_deleted_until_it_goes(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": vpc(), "Subnet": subnet()})
    interface = ec2.create_network_interface(SubnetId=stack.physical_id("Subnet"))["NetworkInterface"]
    assert stack.delete() == "DELETE_FAILED"
    assert "DependencyViolation" in stack.reason("Subnet")
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    assert stack.delete() == "DELETE_COMPLETE"
