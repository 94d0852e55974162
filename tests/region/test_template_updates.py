"""CloudFormation changes in place what AWS changes in place, replaces the rest, and rolls back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.templates import customer_gateway, subnet, vpc


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


def test_a_resource_is_kept_when_its_replacement_policy_says_so(stack: Any, ec2: Any) -> None:
    kept = {"UpdateReplacePolicy": "Retain"}
    stack.create({"Gateway": {**customer_gateway("198.51.100.20"), **kept}})
    old = stack.physical_id("Gateway")
    assert stack.update({"Gateway": {**customer_gateway("198.51.100.21"), **kept}}) == "UPDATE_COMPLETE"
    found = ec2.describe_customer_gateways(CustomerGatewayIds=[old])["CustomerGateways"]
    assert found[0]["State"] == "available"
    ec2.delete_customer_gateway(CustomerGatewayId=old)


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
