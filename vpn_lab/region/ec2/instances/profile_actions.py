"""The instance profiles of instances. IAM stores the profiles; EC2 stores which instance uses which."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from vpn_lab.region.clients import own_client
from vpn_lab.region.ec2.errors import refusal

ASSOCIATION_PREFIX = "iip-assoc-"


def instance_profile(named: dict[str, str] | None) -> dict[str, str] | None:
    """The profile as instances show it, looked up in IAM."""
    if not named:
        return None
    name = named.get("Name") or named["Arn"].rsplit("/", 1)[1]
    try:
        found = own_client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    except ClientError as problem:
        message = f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
        raise refusal("InvalidParameterValue", message) from problem
    return {"Arn": found["Arn"], "Id": found["InstanceProfileId"]}


class ProfileActions(EC2Response):
    def describe_iam_instance_profile_associations(self) -> ActionResult:
        wanted = self._filters_from_querystring().get("instance-id")
        existing = [one for one in self.ec2_backend.all_instances() if one.state != "terminated"]
        users = [one for one in existing if one.iam_instance_profile and (wanted is None or one.id in wanted)]
        shown = [_shown(one) for one in users]
        return ActionResult({"IamInstanceProfileAssociations": shown})

    def associate_iam_instance_profile(self) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        if instance.iam_instance_profile:
            message = f"There is an existing association for instance {instance.id}"
            raise refusal("IncorrectState", message)
        return self._use(instance)

    def replace_iam_instance_profile_association(self) -> ActionResult:
        return self._use(self._associated())

    def disassociate_iam_instance_profile(self) -> ActionResult:
        instance = self._associated()
        shown = {**_shown(instance), "State": "disassociating"}
        instance.iam_instance_profile = None
        return ActionResult({"IamInstanceProfileAssociation": shown})

    def _use(self, instance: Any) -> ActionResult:
        instance.iam_instance_profile = instance_profile(self._get_param("IamInstanceProfile"))
        return ActionResult({"IamInstanceProfileAssociation": _shown(instance)})

    def _associated(self) -> Any:
        identifier = self._get_param("AssociationId")
        for instance in self.ec2_backend.all_instances():
            if instance.iam_instance_profile and _shown(instance)["AssociationId"] == identifier:
                return instance
        message = f"An invalid association-id of '{identifier}' was given"
        raise refusal("InvalidAssociationID.NotFound", message)


def _shown(instance: Any) -> dict[str, Any]:
    return {
        "AssociationId": ASSOCIATION_PREFIX + instance.id.removeprefix("i-"),
        "InstanceId": instance.id,
        "IamInstanceProfile": instance.iam_instance_profile,
        "State": "associated",
    }
