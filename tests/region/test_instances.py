"""Instances: launched as requested, changed in place, and outlived by interfaces that are not deleted."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.templates import IMAGE, Resources, device
from vpn_lab.region import Region


def shown(ec2: Any, identifier: str) -> dict[str, Any]:
    return dict(ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0])


def user_data(ec2: Any, identifier: str) -> str:
    found = ec2.describe_instance_attribute(InstanceId=identifier, Attribute="userData")["UserData"]["Value"]
    return base64.b64decode(found).decode()


def test_an_instance_is_what_its_template_says(stack: Any, ec2: Any) -> None:
    asked = {
        "Monitoring": True,
        "EbsOptimized": True,
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "Encrypted": True, "DeleteOnTermination": True}}
        ],
        "Tags": [{"Key": "Name", "Value": "device"}],
        "PropagateTagsToVolumeOnCreation": True,
    }
    assert stack.create(device(**asked)) == "CREATE_COMPLETE"
    instance = shown(ec2, stack.physical_id("Device"))
    assert instance["State"]["Name"] == "running"
    assert instance["Architecture"] == "x86_64"
    assert instance["PrivateIpAddress"] == "10.0.1.10"
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1b"
    assert instance["Monitoring"]["State"] == "enabled"
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["NetworkInterfaces"][0]["NetworkInterfaceId"] == stack.physical_id("Interface")
    assert instance["NetworkInterfaces"][0]["SourceDestCheck"] is False
    assert {"Key": "Name", "Value": "device"} in instance["Tags"]
    volume = instance["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    found = ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]
    assert found["Encrypted"]
    assert {"Key": "Name", "Value": "device"} in found["Tags"]


def test_new_user_data_restarts_the_same_instance(stack: Any, ec2: Any, region: Region) -> None:
    stack.create(device("#!/bin/sh\necho one"))
    identifier = stack.physical_id("Device")
    assert region.boots()[identifier] == 1
    assert stack.update(device("#!/bin/sh\necho two")) == "UPDATE_COMPLETE"
    assert stack.physical_id("Device") == identifier
    assert region.boots()[identifier] == 2
    assert user_data(ec2, identifier).endswith("echo two")
    assert shown(ec2, identifier)["PrivateIpAddress"] == "10.0.1.10"
    assert shown(ec2, identifier)["State"]["Name"] == "running"


def test_a_failed_update_brings_the_old_user_data_back_to_the_same_instance(stack: Any, ec2: Any) -> None:
    stack.create(device("#!/bin/sh\necho one"))
    identifier = stack.physical_id("Device")
    worse = {
        "Type": "AWS::EC2::NetworkInterface",
        "Properties": {"SubnetId": {"Ref": "Subnet"}, "PrivateIpAddress": "10.0.1.10"},
        "DependsOn": "Device",
    }
    assert stack.update({**device("#!/bin/sh\necho two"), "Worse": worse}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.physical_id("Device") == identifier
    assert user_data(ec2, identifier).endswith("echo one")


def test_an_instance_that_must_be_replaced_collides_with_its_own_address(stack: Any, ec2: Any) -> None:
    stack.create(device())
    identifier = stack.physical_id("Device")
    other_image = IMAGE.replace("6.1-x86_64", "6.12-x86_64")
    assert stack.update(device(ImageId=other_image)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "InvalidNetworkInterface.InUse" in stack.reason("Device")
    assert shown(ec2, identifier)["State"]["Name"] == "running"


def test_a_smaller_change_does_not_restart(stack: Any, ec2: Any, region: Region) -> None:
    stack.create(device())
    identifier = stack.physical_id("Device")
    changed = device(Monitoring=True, DisableApiTermination=False, Tags=[{"Key": "Name", "Value": "n"}])
    assert stack.update(changed) == "UPDATE_COMPLETE"
    assert region.boots()[identifier] == 1
    assert shown(ec2, identifier)["Monitoring"]["State"] == "enabled"


def profile(name: str) -> Resources:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    return {
        f"{name}Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        name: {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": f"{name}Role"}]}},
    }


def test_an_instance_changes_its_profile_in_place(stack: Any, ec2: Any) -> None:
    roles = {**profile("One"), **profile("Two")}

    def current() -> str:
        return str(shown(ec2, stack.physical_id("Device"))["IamInstanceProfile"]["Arn"].rsplit("/")[-1])

    assert stack.create({**roles, **device(IamInstanceProfile={"Ref": "One"})}) == "CREATE_COMPLETE"
    identifier = stack.physical_id("Device")
    assert current() == stack.physical_id("One")
    assert stack.update({**roles, **device(IamInstanceProfile={"Ref": "Two"})}) == "UPDATE_COMPLETE"
    assert current() == stack.physical_id("Two")
    assert stack.update({**roles, **device()}) == "UPDATE_COMPLETE"
    assert "IamInstanceProfile" not in shown(ec2, identifier)
    assert stack.physical_id("Device") == identifier


def test_only_interfaces_made_for_an_instance_end_with_it(ec2: Any, stack: Any) -> None:
    resources = device()
    del resources["Device"]
    stack.create(resources)
    subnet, kept = stack.physical_id("Subnet"), stack.physical_id("Interface")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    common = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
    on_kept = [{"DeviceIndex": 0, "NetworkInterfaceId": kept}]
    first = ec2.run_instances(NetworkInterfaces=on_kept, **common)["Instances"][0]["InstanceId"]
    second = ec2.run_instances(SubnetId=subnet, **common)["Instances"][0]["InstanceId"]
    with pytest.raises(ClientError, match="in use"):
        ec2.delete_network_interface(NetworkInterfaceId=kept)
    with pytest.raises(ClientError, match=r"InvalidNetworkInterface\.InUse"):
        ec2.run_instances(NetworkInterfaces=on_kept, **common)
    ec2.terminate_instances(InstanceIds=[first, second])
    mine = [{"Name": "subnet-id", "Values": [subnet]}]
    left = ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    assert [(one["NetworkInterfaceId"], one["Status"]) for one in left] == [(kept, "available")]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"ImageId": "ami-00000000000000000"}, "InvalidAMIID.NotFound"),
        ({"IamInstanceProfile": {"Name": "nobody"}}, "InvalidParameterValue"),
        ({"UserData": "x" * 16385}, "InvalidParameterValue"),
        ({"PrivateIpAddress": "10.0.1.10"}, "InvalidIPAddress.InUse"),
    ],
)
def test_a_launch_that_cannot_be_is_refused_and_leaves_no_interface(
    request_: dict[str, Any], code: str, ec2: Any, stack: Any, refusal: Callable[..., str]
) -> None:
    resources = device()
    del resources["Device"]
    stack.create(resources)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    common = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "SubnetId": stack.physical_id("Subnet")}
    assert refusal(ec2.run_instances, **{**common, **request_}) == code
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == 1


def test_a_protected_instance_is_not_terminated(stack: Any, ec2: Any, refusal: Callable[..., str]) -> None:
    stack.create(device(DisableApiTermination=True))
    identifier = stack.physical_id("Device")
    assert refusal(ec2.terminate_instances, InstanceIds=[identifier]) == "OperationNotPermitted"
    assert stack.delete() == "DELETE_FAILED"
    ec2.modify_instance_attribute(InstanceId=identifier, DisableApiTermination={"Value": False})


def test_a_launch_template_gives_what_the_instance_does_not_say(stack: Any, ec2: Any) -> None:
    resources = device(LaunchTemplate={"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"})
    resources["Template"] = {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {"InstanceType": "t4g.nano", "MetadataOptions": {"HttpTokens": "required"}}
        },
    }
    del resources["Device"]["Properties"]["InstanceType"]
    assert stack.create(resources) == "CREATE_COMPLETE"
    instance = shown(ec2, stack.physical_id("Device"))
    assert instance["InstanceType"] == "t4g.nano"
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
