"""Replacing the root volume of a running instance, which keeps its id, its interfaces and its addresses.

Rules and states: "Replace the root volume for an Amazon EC2 instance without stopping it". The instance restarts from
the new volume, so cloud-init runs the user-data again as at a first boot.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.moto_api._internal import mock_random

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.instances.instances import Instances

TASK_SECONDS = 0.3
TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class ReplaceRootVolumeTask:
    """A replacement; it takes minutes on AWS and a moment here."""

    instance_id: str
    image_id: str | None
    snapshot_id: str | None
    delete_replaced: bool
    tags: list[dict[str, str]]
    id: str = field(default_factory=lambda: f"replacevol-{mock_random.get_random_hex(17)}")
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _began: float = field(default_factory=time.monotonic)

    @property
    def state(self) -> str:
        return "succeeded" if time.monotonic() >= self._began + TASK_SECONDS else "in-progress"

    def shown(self) -> dict[str, Any]:
        """The task as DescribeReplaceRootVolumeTasks answers it."""
        made = {
            "ReplaceRootVolumeTaskId": self.id,
            "InstanceId": self.instance_id,
            "TaskState": self.state,
            "StartTime": self.started.strftime(TIME),
            "DeleteReplacedRootVolume": self.delete_replaced,
            "Tags": self.tags,
        }
        if self.state == "succeeded":
            made["CompleteTime"] = self.started.strftime(TIME)
        if self.image_id:
            made["ImageId"] = self.image_id
        return {**made, "SnapshotId": self.snapshot_id} if self.snapshot_id else made


class RootVolumes(Instances, EC2Backend):
    root_volume_tasks: dict[str, ReplaceRootVolumeTask]
    former_roots: dict[str, list[str]]
    """Instance id → its root volumes that were replaced."""

    def replace_root_volume(self, request: dict[str, Any], tags: list[dict[str, str]]) -> ReplaceRootVolumeTask:
        """CreateReplaceRootVolumeTask: from an image, from a snapshot, or as the instance was launched."""
        instance = self.get_instance(request["InstanceId"])
        if instance.state != "running":
            message = f"The instance '{instance.id}' must be in the 'running' state, but is '{instance.state}'."
            raise refusal("IncorrectInstanceState", message)
        image, snapshot = request.get("ImageId"), request.get("SnapshotId")
        if image and snapshot:
            message = "The parameters ImageId and SnapshotId cannot both be specified."
            raise refusal("InvalidParameterCombination", message)
        if image:
            self._check_image(instance, image)
        if snapshot:
            self._check_snapshot(instance, snapshot)
        task = ReplaceRootVolumeTask(
            instance.id, image, snapshot, bool(request.get("DeleteReplacedRootVolume", False)), tags
        )
        self.root_volume_tasks[task.id] = task
        self._exchange(instance, task)
        if image:
            instance.image_id = image
        self._booted(instance)
        return task

    def root_volume_task(self, identifier: str) -> ReplaceRootVolumeTask:
        if identifier not in self.root_volume_tasks:
            message = f"The replace root volume task ID '{identifier}' does not exist"
            raise refusal("InvalidReplaceRootVolumeTaskId.NotFound", message)
        return self.root_volume_tasks[identifier]

    def _check_image(self, instance: Instance, identifier: str) -> None:
        image = self.describe_images(ami_ids=[identifier])[0]
        for name in ("architecture", "virtualization_type"):
            wanted, given = getattr(instance, name), getattr(image, name)
            if wanted != given:
                message = (
                    f"The {name.replace('_', ' ')} '{given}' of {identifier} must be that of {instance.id}: {wanted}."
                )
                raise refusal("InvalidParameterValue", message)

    def _check_snapshot(self, instance: Instance, identifier: str) -> None:
        source = self.get_snapshot(identifier).volume.id
        if source not in {self._root(instance).volume_id, *self.former_roots.get(instance.id, ())}:
            message = f"The snapshot '{identifier}' was not made of a root volume of {instance.id}."
            raise refusal("InvalidParameterValue", message)

    def _root(self, instance: Instance) -> Any:
        return instance.block_device_mapping[instance.root_device_name or ""]

    def _exchange(self, instance: Instance, task: ReplaceRootVolumeTask) -> None:
        device, mapping = str(instance.root_device_name), self._root(instance)
        old = self.get_volume(mapping.volume_id)
        new = self.create_volume(
            old.size, old.zone.name, task.snapshot_id, old.encrypted, old.kms_key_id, old.volume_type
        )
        self.former_roots.setdefault(instance.id, []).append(old.id)
        self.detach_volume(old.id, instance.id, device)
        self.attach_volume(new.id, instance.id, device, mapping.delete_on_termination)
        new.add_tags({tag["Key"]: tag["Value"] for tag in task.tags})
        if task.delete_replaced:
            self.delete_volume(old.id)

    def attach_volume(
        self, volume_id: str, instance_id: str, device_path: str, delete_on_termination: bool = False
    ) -> Any:
        volume, instance = self.get_volume(volume_id), self.get_instance(instance_id)
        if volume.attachment:
            raise refusal("VolumeInUse", f"{volume_id} is already attached to an instance")
        if device_path in instance.block_device_mapping:
            message = f"Invalid value '{device_path}' for unixDevice. Attachment point {device_path} is already in use"
            raise refusal("InvalidParameterValue", message)
        return super().attach_volume(volume_id, instance_id, device_path, delete_on_termination)
