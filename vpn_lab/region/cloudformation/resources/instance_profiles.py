# ruff: noqa: ARG002 -- every type has the same signatures
"""IAM instance profiles, whose Ref is a name: ministack's own type returns the ARN, which instances do not accept."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.clients import own_client
from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, picked


class InstanceProfile(ResourceType):
    name = "AWS::IAM::InstanceProfile"

    @property
    def iam(self) -> Any:
        return own_client("iam")

    def create(self, properties: Properties, place: Place) -> str:
        wanted = properties.get("InstanceProfileName") or f"{place.stack_name}-{place.random_name()}"
        made = self.iam.create_instance_profile(InstanceProfileName=wanted, **picked(properties, "Path"))
        return str(made["InstanceProfile"]["InstanceProfileName"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        for role in properties["Roles"]:
            self.iam.add_role_to_instance_profile(InstanceProfileName=physical_id, RoleName=role)

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"Arn": self.iam.get_instance_profile(InstanceProfileName=physical_id)["InstanceProfile"]["Arn"]}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self._empty(physical_id, old)
        self.settle(physical_id, new)

    def _empty(self, physical_id: str, properties: Properties) -> None:
        for role in properties["Roles"]:
            self.iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self._empty(physical_id, properties)
        self.iam.delete_instance_profile(InstanceProfileName=physical_id)
