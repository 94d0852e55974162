# ruff: noqa: ARG002 -- every type has the same signatures
"""Launch templates: every change creates a new version."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, picked


class LaunchTemplate(ResourceType):
    name = "AWS::EC2::LaunchTemplate"

    def create(self, properties: Properties, place: Place) -> str:
        made = self.ec2.create_launch_template(
            LaunchTemplateName=properties.get("LaunchTemplateName") or place.generated_name(),
            LaunchTemplateData=properties["LaunchTemplateData"],
            **picked(properties, "VersionDescription", "TagSpecifications"),
        )
        return str(made["LaunchTemplate"]["LaunchTemplateId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        """Its tags are part of the request."""

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        found = self._found(physical_id)
        return {
            "LaunchTemplateId": physical_id,
            "DefaultVersionNumber": str(found["DefaultVersionNumber"]),
            "LatestVersionNumber": str(found["LatestVersionNumber"]),
        }

    def _found(self, identifier: str) -> dict[str, Any]:
        found = self.ec2.describe_launch_templates(LaunchTemplateIds=[identifier])["LaunchTemplates"]
        return dict(found[0])

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if old["LaunchTemplateData"] != new["LaunchTemplateData"]:
            self.ec2.create_launch_template_version(
                LaunchTemplateId=physical_id, LaunchTemplateData=new["LaunchTemplateData"]
            )

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_launch_template(LaunchTemplateId=physical_id)
