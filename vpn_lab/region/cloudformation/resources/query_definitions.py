# ruff: noqa: ARG002 -- every type has the same signatures
"""Saved Logs Insights queries."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.clients import own_client
from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType


class QueryDefinition(ResourceType):
    name = "AWS::Logs::QueryDefinition"

    @property
    def logs(self) -> Any:
        return own_client("logs")

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.logs.put_query_definition(**_request(properties))["queryDefinitionId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        """It has no tags."""

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"QueryDefinitionId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self.logs.put_query_definition(queryDefinitionId=physical_id, **_request(new))

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.logs.delete_query_definition(queryDefinitionId=physical_id)


def _request(properties: Properties) -> dict[str, Any]:
    return {
        "name": properties["Name"],
        "queryString": properties["QueryString"],
        "logGroupNames": properties.get("LogGroupNames") or [],
    }
