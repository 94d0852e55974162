"""CreateReplaceRootVolumeTask and DescribeReplaceRootVolumeTasks."""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

MEMBERS = {"instance-id": "InstanceId"}


class RootVolumeActions(EC2Response):
    def create_replace_root_volume_task(self) -> ActionResult:
        self.error_on_dryrun()
        tags = [tag for one in self._get_param("TagSpecifications", []) for tag in one.get("Tags", [])]
        task = self.ec2_backend.replace_root_volume(self.params, tags)
        shown = {**task.shown(), "TaskState": "pending"}
        return ActionResult({"ReplaceRootVolumeTask": shown})

    def describe_replace_root_volume_tasks(self) -> ActionResult:
        backend = self.ec2_backend
        identifiers = self._get_param("ReplaceRootVolumeTaskIds", []) or list(backend.root_volume_tasks)
        found = [backend.root_volume_task(identifier).shown() for identifier in identifiers]
        for name, values in self._filters_from_querystring().items():
            found = [task for task in found if task[MEMBERS[name]] in values]
        return ActionResult({"ReplaceRootVolumeTasks": found})
