# ruff: noqa: ARG002 -- every type has the same signatures
"""EC2 Instance Connect Endpoints."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, picked, retag


class InstanceConnectEndpoint(ResourceType):
    name = "AWS::EC2::InstanceConnectEndpoint"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(properties, "SubnetId", "SecurityGroupIds", "PreserveClientIp", "ClientToken")
        made = self.ec2.create_instance_connect_endpoint(**asked)["InstanceConnectEndpoint"]
        return str(made["InstanceConnectEndpointId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        found: dict[str, Any] = self.ec2.describe_instance_connect_endpoints(InstanceConnectEndpointIds=[physical_id])[
            "InstanceConnectEndpoints"
        ][0]
        names = (
            "InstanceConnectEndpointArn", "NetworkInterfaceIds", "OwnerId", "State", "VpcId", "AvailabilityZone",
        )  # fmt: skip
        return {"Id": physical_id, "CreatedAt": found["CreatedAt"].isoformat(), **picked(found, *names)}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_instance_connect_endpoint(InstanceConnectEndpointId=physical_id)
