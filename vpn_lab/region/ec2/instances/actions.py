"""RunInstances with launch templates, checked interfaces, and instance profiles from IAM."""

from __future__ import annotations

import base64
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.instances.boot_signals import decoded
from vpn_lab.region.ec2.instances.instances import USER_DATA_LIMIT
from vpn_lab.region.ec2.instances.profile_actions import instance_profile

ROOT_VOLUME = {"VolumeSize": 8, "VolumeType": "gp3", "DeleteOnTermination": True}
"""That of Amazon Linux 2023."""


class InstanceActions(EC2Response):
    def run_instances(self) -> ActionResult:
        self._apply_launch_template()
        if len(decoded(self.params.get("UserData") or "")) > USER_DATA_LIMIT:
            raise refusal("InvalidParameterValue", f"User data is limited to {USER_DATA_LIMIT} bytes")
        images = self.ec2_backend.describe_images(ami_ids=[self._get_param("ImageId")])
        profile = instance_profile(self.params.pop("IamInstanceProfile", None))
        disable_api_termination = bool(self.params.get("DisableApiTermination", False))
        count = int(self._get_param("MinCount", 1))
        self.ec2_backend.check_vcpus([self._get_param("InstanceType", "m1.small")] * count)
        self._add_root_volume(str(images[0].root_device_name))
        made = set(self.ec2_backend.enis)
        self.params["NetworkInterfaces"] = self.ec2_backend.interfaces_for_launch(self.params)
        for name in ("SubnetId", "PrivateIpAddress", "SecurityGroupIds", "SecurityGroups"):
            self.params.pop(name, None)
        try:
            result = super().run_instances()
        except Exception:
            for identifier in set(self.ec2_backend.enis) - made:
                self.ec2_backend.delete_network_interface(identifier)
            raise
        reservation: Any = result.result
        for instance in reservation.instances:
            instance.architecture = images[0].architecture
            instance.iam_instance_profile = profile
            instance.disable_api_termination = disable_api_termination
            self.ec2_backend.launched(instance)
        return result

    def _add_root_volume(self, device: str) -> None:
        """The image has a root volume, which the request may describe but need not."""
        mappings = self._get_param("BlockDeviceMappings", [])
        if all(one.get("DeviceName") != device for one in mappings):
            root = {"DeviceName": device, "Ebs": ROOT_VOLUME}
            self.params["BlockDeviceMappings"] = [root, *mappings]

    def _apply_launch_template(self) -> None:
        """Merge the launch template into the request, parameter by parameter; the request takes precedence."""
        named = self.params.get("LaunchTemplate")
        if not named:
            return
        data = self.ec2_backend._get_template_from_args(named).data
        inherited = {name: value for name, value in data.items() if name not in ("TagSpecifications",)}
        if self.params.get("NetworkInterfaces"):
            for name in ("SecurityGroupIds", "SecurityGroups", "SubnetId"):
                inherited.pop(name, None)
        self.params = {**inherited, **self.params}

    def modify_instance_attribute(self) -> ActionResult:
        """User-data arrives decoded, but moto's handler expects it encoded."""
        value = self.params.get("UserData", {}).get("Value")
        if isinstance(value, bytes):
            self.params["UserData"] = {"Value": base64.b64encode(value).decode()}
        return super().modify_instance_attribute()

    def monitor_instances(self) -> ActionResult:  # type: ignore[override]
        return self._set_monitoring("enabled")

    def unmonitor_instances(self) -> ActionResult:  # type: ignore[override]
        return self._set_monitoring("disabled")

    def _set_monitoring(self, state: str) -> ActionResult:
        instances = self.ec2_backend.get_multi_instances_by_id(self._get_param("InstanceIds", []))
        for instance in instances:
            instance.monitoring_state = state
        shown = [{"InstanceId": instance.id, "Monitoring": {"State": state}} for instance in instances]
        return ActionResult({"InstanceMonitorings": shown})
