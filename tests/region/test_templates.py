"""CloudFormation refuses what AWS refuses, changes in place what AWS changes in place, and rolls back to before."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from vpn_lab.region import Region

Resources = dict[str, dict[str, Any]]


def vpc(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", **properties}}


def subnet(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24", **properties},
    }


def parameter(value: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def customer_gateway(address: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::CustomerGateway",
        "Properties": {"Type": "ipsec.1", "IpAddress": address, "BgpAsn": 65000, **properties},
    }


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


def test_a_tag_changes_in_place(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": vpc(Tags=[{"Key": "Name", "Value": "old"}, {"Key": "gone", "Value": "x"}])})
    before = stack.physical_id("Vpc")
    assert stack.update({"Vpc": vpc(Tags=[{"Key": "Name", "Value": "new"}])}) == "UPDATE_COMPLETE"
    assert stack.physical_id("Vpc") == before
    tags = {one["Key"]: one["Value"] for one in ec2.describe_vpcs(VpcIds=[before])["Vpcs"][0]["Tags"]}
    assert tags["Name"] == "new"
    assert "gone" not in tags


def test_a_create_only_property_replaces_and_the_old_resource_goes_afterwards(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": vpc(), "Subnet": subnet()})
    old = stack.physical_id("Subnet")
    assert stack.update({"Vpc": vpc(), "Subnet": subnet(CidrBlock="10.0.2.0/24")}) == "UPDATE_COMPLETE"
    new = stack.physical_id("Subnet")
    assert new != old
    assert [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]] == [new]
    assert stack.history("Subnet")[-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" in stack.history(stack.name)


def test_a_replacement_collides_with_the_resource_that_it_replaces(stack: Any, ec2: Any) -> None:
    interface: dict[str, Any] = {
        "Type": "AWS::EC2::NetworkInterface",
        "Properties": {"SubnetId": {"Ref": "Subnet"}, "PrivateIpAddress": "10.0.1.10"},
    }
    resources = {"Vpc": vpc(), "Subnet": subnet(), "Interface": interface}
    assert stack.create(resources) == "CREATE_COMPLETE"
    old = stack.physical_id("Interface")
    replacing = {**interface, "Properties": {**interface["Properties"], "InterfaceType": "interface"}}
    assert stack.update({**resources, "Interface": replacing}) == "UPDATE_ROLLBACK_COMPLETE"
    assert "InvalidIPAddress.InUse" in stack.reason("Interface")
    assert stack.physical_id("Interface") == old
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == 1


def test_an_unchanged_resource_has_no_event_and_a_new_one_is_created(stack: Any) -> None:
    stack.create({"Vpc": vpc(), "Address": {"Type": "AWS::EC2::EIP"}})
    assert stack.update({"Vpc": vpc(EnableDnsHostnames=True), "Address": {"Type": "AWS::EC2::EIP"},
                         "Subnet": subnet()}) == "UPDATE_COMPLETE"  # fmt: skip
    assert stack.history("Address") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert stack.history("Subnet") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert stack.history("Vpc")[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_an_update_without_a_change_is_refused(stack: Any) -> None:
    stack.create({"Vpc": vpc()})
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stack.update({"Vpc": vpc()})


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


def test_a_failed_update_restores_what_was_before(stack: Any, ec2: Any) -> None:
    tags = [{"Key": "Name", "Value": "before"}]
    stack.create({"Vpc": vpc(Tags=tags), "Subnet": subnet()}, Outputs={"O": {"Value": "before"}})
    identifiers = stack.physical_id("Vpc"), stack.physical_id("Subnet")
    changed = {
        "Vpc": vpc(Tags=[{"Key": "Name", "Value": "after"}]),
        "Subnet": subnet(MapPublicIpOnLaunch=True),
        "Extra": {"Type": "AWS::EC2::EIP"},
        "Worse": {**subnet(CidrBlock="10.9.0.0/24"), "DependsOn": ["Subnet", "Extra"]},
    }
    assert stack.update(changed, Outputs={"O": {"Value": "after"}}) == "UPDATE_ROLLBACK_COMPLETE"
    assert (stack.physical_id("Vpc"), stack.physical_id("Subnet")) == identifiers
    assert stack.outputs == {"O": "before"}
    found = {one["Key"]: one["Value"] for one in ec2.describe_vpcs(VpcIds=[identifiers[0]])["Vpcs"][0]["Tags"]}
    assert found["Name"] == "before"
    assert not ec2.describe_subnets(SubnetIds=[identifiers[1]])["Subnets"][0]["MapPublicIpOnLaunch"]
    assert ec2.describe_addresses()["Addresses"] == []


def test_what_is_removed_before_its_replacement_comes_back_when_the_update_fails(stack: Any, ec2: Any) -> None:
    gateway = {"Type": "AWS::EC2::InternetGateway"}
    attachment = {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
    }

    def interface(address: str) -> dict[str, Any]:
        properties = {"SubnetId": {"Ref": "Subnet"}, "PrivateIpAddress": address}
        return {"Type": "AWS::EC2::NetworkInterface", "Properties": properties}

    def association(target: str) -> dict[str, Any]:
        properties = {
            "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]},
            "NetworkInterfaceId": {"Ref": target},
        }
        return {"Type": "AWS::EC2::EIPAssociation", "Properties": properties, "DependsOn": ["Attachment"]}

    resources = {
        "Vpc": vpc(),
        "Subnet": subnet(),
        "Gateway": gateway,
        "Attachment": attachment,
        "Address": {"Type": "AWS::EC2::EIP"},
        "One": interface("10.0.1.10"),
        "Two": interface("10.0.1.11"),
        "Association": association("One"),
    }
    assert stack.create(resources) == "CREATE_COMPLETE"

    def mapped_to() -> str:
        return str(ec2.describe_addresses()["Addresses"][0]["PrivateIpAddress"])

    moved = {**resources, "Association": association("Two")}
    assert stack.update(moved) == "UPDATE_COMPLETE"
    assert mapped_to() == "10.0.1.11"
    worse = {**subnet(CidrBlock="10.9.0.0/24"), "DependsOn": ["Association"]}
    assert stack.update({**resources, "Worse": worse}) == "UPDATE_ROLLBACK_COMPLETE"
    assert mapped_to() == "10.0.1.11"
    assert stack.delete() == "DELETE_COMPLETE"
    assert ec2.describe_addresses()["Addresses"] == []


def test_a_second_identical_customer_gateway_fails(new_stack: Callable[[], Any]) -> None:
    first, second = new_stack(), new_stack()
    assert first.create({"Gateway": customer_gateway("198.51.100.10")}) == "CREATE_COMPLETE"
    assert second.create({"Gateway": customer_gateway("198.51.100.10")}) == "ROLLBACK_COMPLETE"
    assert "AlreadyExists" in second.reason("Gateway")
    assert first.delete() == "DELETE_COMPLETE"


def test_a_retained_resource_outlives_its_stack(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": {**vpc(), "DeletionPolicy": "Retain"}})
    identifier = stack.physical_id("Vpc")
    assert stack.delete() == "DELETE_COMPLETE"
    assert ec2.describe_vpcs(VpcIds=[identifier])["Vpcs"]
    ec2.delete_vpc(VpcId=identifier)


def test_a_resource_is_kept_when_its_replacement_policy_says_so(stack: Any, ec2: Any) -> None:
    kept = {"UpdateReplacePolicy": "Retain"}
    stack.create({"Gateway": {**customer_gateway("198.51.100.20"), **kept}})
    old = stack.physical_id("Gateway")
    assert stack.update({"Gateway": {**customer_gateway("198.51.100.21"), **kept}}) == "UPDATE_COMPLETE"
    found = ec2.describe_customer_gateways(CustomerGatewayIds=[old])["CustomerGateways"]
    assert found[0]["State"] == "available"
    ec2.delete_customer_gateway(CustomerGatewayId=old)


def test_a_stack_is_deleted_by_its_arn(stack: Any, ec2: Any) -> None:
    stack.create({"Vpc": vpc()})
    identifier = stack.physical_id("Vpc")
    assert stack.delete(stack.described()["StackId"]) == "DELETE_COMPLETE"
    assert identifier not in {one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]}


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


def test_a_change_set_says_what_will_be_replaced(stack: Any) -> None:
    stack.create({"Vpc": vpc(), "Subnet": subnet()})
    wanted = {"Vpc": vpc(EnableDnsHostnames=True), "Subnet": subnet(CidrBlock="10.0.3.0/24")}
    stack.client.create_change_set(
        StackName=stack.name, ChangeSetName="what-if", TemplateBody=json.dumps({"Resources": wanted})
    )
    stack.client.get_waiter("change_set_create_complete").wait(
        StackName=stack.name, ChangeSetName="what-if", WaiterConfig={"Delay": 0.1, "MaxAttempts": 50}
    )
    found = stack.client.describe_change_set(StackName=stack.name, ChangeSetName="what-if")["Changes"]
    replacement = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]["Replacement"] for one in found}
    assert replacement == {"Vpc": "False", "Subnet": "True"}


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
