# ruff: noqa: ARG002 -- every type has the same signatures
"""VPC flow logs."""

from __future__ import annotations

from vpn_lab.region.cloudformation.resource import Place, Properties, ResourceType, picked, retag


class FlowLog(ResourceType):
    name = "AWS::EC2::FlowLog"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(
            properties, "ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName",
            "LogFormat", "DeliverLogsPermissionArn", "MaxAggregationInterval",
        )  # fmt: skip
        answer = self.ec2.create_flow_logs(ResourceIds=[properties["ResourceId"]], **asked)
        if not answer["FlowLogIds"]:
            problem = answer["Unsuccessful"][0]["Error"]
            raise ValueError(f"{problem['Message']} (Error Code: {problem['Code']})")
        return str(answer["FlowLogIds"][0])

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_flow_logs(FlowLogIds=[physical_id])
