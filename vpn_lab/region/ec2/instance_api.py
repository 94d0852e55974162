"""RunInstances with launch templates, interfaces that are checked, and instance profiles that live in IAM."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from vpn_lab.region.clients import own_client
from vpn_lab.region.ec2.boot_signals import decoded
from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.instances import USER_DATA_LIMIT


class InstanceActions(EC2Response):
    def run_instances(self) -> ActionResult:
        self._apply_launch_template()
        if len(decoded(self.params.get("UserData") or "")) > USER_DATA_LIMIT:
            raise refusal("InvalidParameterValue", f"User data is limited to {USER_DATA_LIMIT} bytes")
        images = self.ec2_backend.describe_images(ami_ids=[self._get_param("ImageId")])
        profile = _instance_profile(self.params.pop("IamInstanceProfile", None))
        disable_api_termination = bool(self.params.get("DisableApiTermination", False))
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

    def _apply_launch_template(self) -> None:
        """A launch template gives what the request does not: EC2 merges member by member, the request winning."""
        named = self.params.get("LaunchTemplate")
        if not named:
            return
        data = self.ec2_backend._get_template_from_args(named).data
        inherited = {name: value for name, value in data.items() if name not in ("TagSpecifications",)}
        if self.params.get("NetworkInterfaces"):
            for name in ("SecurityGroupIds", "SecurityGroups", "SubnetId"):
                inherited.pop(name, None)
        self.params = {**inherited, **self.params}


def _instance_profile(named: dict[str, str] | None) -> dict[str, str] | None:
    if not named:
        return None
    name = named.get("Name") or named["Arn"].rsplit("/", 1)[1]
    try:
        found = own_client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    except ClientError as problem:
        message = f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
        raise refusal("InvalidParameterValue", message) from problem
    return {"Arn": found["Arn"], "Id": found["InstanceProfileId"]}
