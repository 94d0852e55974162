"""A new root volume renews an instance that keeps everything else; no deployment notices it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.region.templates import IMAGE, device
from vpn_lab.region import Region

OTHER_KERNEL = IMAGE.replace("6.1-", "6.12-")
DEADLINE_SECONDS = 20


def shown(ec2: Any, identifier: str) -> dict[str, Any]:
    return dict(ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0])


def root(instance: dict[str, Any]) -> str:
    (mapping,) = (one for one in instance["BlockDeviceMappings"] if one["DeviceName"] == instance["RootDeviceName"])
    return str(mapping["Ebs"]["VolumeId"])


def image(region: Region, kernel: str, architecture: str = "x86_64") -> str:
    name = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-{kernel}-{architecture}"
    return str(region.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def finished(ec2: Any, task: str) -> dict[str, Any]:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        (found,) = ec2.describe_replace_root_volume_tasks(ReplaceRootVolumeTaskIds=[task])["ReplaceRootVolumeTasks"]
        if found["TaskState"] not in ("pending", "in-progress"):
            return dict(found)
        time.sleep(0.05)
    raise TimeoutError(task)


def test_an_instance_gets_another_image_and_stays_the_same(
    stack: Any, ec2: Any, region: Region, refusal: Callable[..., str]
) -> None:
    assert stack.create(device()) == "CREATE_COMPLETE"
    identifier = stack.physical_id("Device")
    before = shown(ec2, identifier)
    newer = image(region, "6.12")
    task = ec2.create_replace_root_volume_task(InstanceId=identifier, ImageId=newer, DeleteReplacedRootVolume=True)
    made = task["ReplaceRootVolumeTask"]
    assert (made["TaskState"], made["InstanceId"], made["ImageId"]) == ("pending", identifier, newer)
    assert made["ReplaceRootVolumeTaskId"].startswith("replacevol-")
    done = finished(ec2, made["ReplaceRootVolumeTaskId"])
    assert (done["TaskState"], done["DeleteReplacedRootVolume"]) == ("succeeded", True)
    assert done["CompleteTime"] >= done["StartTime"]
    after = shown(ec2, identifier)
    assert after["ImageId"] == newer != before["ImageId"]
    kept = ("InstanceId", "PrivateIpAddress", "SubnetId", "LaunchTime", "InstanceType", "Tags")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    interfaces = [[one["NetworkInterfaceId"] for one in each["NetworkInterfaces"]] for each in (before, after)]
    assert interfaces[0] == interfaces[1]
    assert region.boots()[identifier] == 2
    assert root(after) != root(before)
    assert refusal(ec2.describe_volumes, VolumeIds=[root(before)]) == "InvalidVolume.NotFound"

    # the next deployment compares templates, not instances
    assert stack.update(device(Tags=[{"Key": "Name", "Value": "renewed"}])) == "UPDATE_COMPLETE"
    assert (stack.physical_id("Device"), shown(ec2, identifier)["ImageId"]) == (identifier, newer)

    # an update that names the image replaces the instance, and the new one finds its interface in use
    assert stack.update(device(ImageId=OTHER_KERNEL)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "InvalidNetworkInterface.InUse" in stack.reason("Device")
    assert (stack.physical_id("Device"), shown(ec2, identifier)["ImageId"]) == (identifier, newer)


def test_a_root_volume_returns_to_a_snapshot_of_its_own(
    stack: Any, ec2: Any, region: Region, refusal: Callable[..., str]
) -> None:
    stack.create(device())
    identifier = stack.physical_id("Device")
    old = root(shown(ec2, identifier))
    mine = ec2.create_snapshot(VolumeId=old)["SnapshotId"]
    foreign = ec2.create_volume(AvailabilityZone="us-east-1b", Size=8)["VolumeId"]
    theirs = ec2.create_snapshot(VolumeId=foreign)["SnapshotId"]
    create = ec2.create_replace_root_volume_task
    made = create(InstanceId=identifier, SnapshotId=mine)["ReplaceRootVolumeTask"]
    assert finished(ec2, made["ReplaceRootVolumeTaskId"])["SnapshotId"] == mine
    assert ec2.describe_volumes(VolumeIds=[old])["Volumes"][0]["State"] == "available", "it is kept by default"
    assert create(InstanceId=identifier, SnapshotId=mine)["ReplaceRootVolumeTask"], "an earlier root is one of its own"
    filters = [{"Name": "instance-id", "Values": [identifier]}]
    assert len(ec2.describe_replace_root_volume_tasks(Filters=filters)["ReplaceRootVolumeTasks"]) == 2

    assert refusal(create, InstanceId=identifier, SnapshotId=theirs) == "InvalidParameterValue"
    both = {"InstanceId": identifier, "SnapshotId": mine, "ImageId": image(region, "6.1")}
    assert refusal(create, **both) == "InvalidParameterCombination"
    other = image(region, "6.1", "arm64")
    assert refusal(create, InstanceId=identifier, ImageId=other) == "InvalidParameterValue"
    assert refusal(create, InstanceId="i-00000000000000000") == "InvalidInstanceID.NotFound"
    unknown = {"ReplaceRootVolumeTaskIds": ["replacevol-00000000000000000"]}
    assert refusal(ec2.describe_replace_root_volume_tasks, **unknown) == "InvalidReplaceRootVolumeTaskId.NotFound"
    attach = {"InstanceId": identifier, "Device": shown(ec2, identifier)["RootDeviceName"]}
    assert refusal(ec2.attach_volume, **attach, VolumeId=foreign) == "InvalidParameterValue"
    ec2.stop_instances(InstanceIds=[identifier])
    assert refusal(create, InstanceId=identifier) == "IncorrectInstanceState"
    for volume in {one["VolumeId"] for one in ec2.describe_volumes()["Volumes"] if one["State"] == "available"}:
        ec2.delete_volume(VolumeId=volume)
