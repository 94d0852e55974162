"""SSM's Run Command: the region keeps a command until a network that runs the device has reported its outcome."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from vpn_lab.region import Region

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64"
SCRIPT = ["cgw-status --json", "echo done"]


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    with Region.start(signals="device") as started:
        yield started


@pytest.fixture(scope="module")
def instances(region: Region) -> dict[str, str]:
    """One instance with a role, and one without."""
    ec2, iam = region.client("ec2"), region.client("iam")
    vpc = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.60.0.0/24")["Subnet"]["SubnetId"]
    iam.create_role(RoleName="device", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="device")
    iam.add_role_to_instance_profile(InstanceProfileName="device", RoleName="device")
    image = region.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    request: dict[str, Any] = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "SubnetId": subnet}
    with_role = ec2.run_instances(IamInstanceProfile={"Name": "device"}, **request)
    return {
        "device": with_role["Instances"][0]["InstanceId"],
        "host": ec2.run_instances(**request)["Instances"][0]["InstanceId"],
    }


def send(region: Region, instance: str) -> str:
    sent = region.client("ssm").send_command(
        InstanceIds=[instance], DocumentName="AWS-RunShellScript", Parameters={"commands": SCRIPT}
    )
    return str(sent["Command"]["CommandId"])


def taken(region: Region) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while not (found := region.take_device_commands()):
        assert time.monotonic() < deadline, "SSM has no command for the device"
    (command,) = found
    return command


@pytest.mark.parametrize(("code", "status"), [(0, "Success"), (3, "Failed")])
def test_what_the_network_reports_is_what_ssm_shows(
    region: Region, instances: dict[str, str], code: int, status: str
) -> None:
    ssm, device = region.client("ssm"), instances["device"]
    command = send(region, device)
    asked = taken(region)
    assert (asked["instance"], asked["words"]) == (device, ["/bin/sh", "-c", "\n".join(SCRIPT)])
    assert region.take_device_commands() == [], "a command is run once"
    names = {"CommandId": command, "InstanceId": device}
    assert ssm.get_command_invocation(**names)["Status"] == "InProgress"
    region.report_device_command(asked["id"], code, "healthy\n", "a warning\n")
    deadline = time.monotonic() + 10
    while (shown := ssm.get_command_invocation(**names))["Status"] == "InProgress":
        assert time.monotonic() < deadline
    assert (shown["Status"], shown["ResponseCode"]) == (status, code)
    assert (shown["StandardOutputContent"], shown["StandardErrorContent"]) == ("healthy\n", "a warning\n")


def test_an_instance_without_a_role_is_no_managed_node(region: Region, instances: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        send(region, instances["host"])
