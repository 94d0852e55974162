"""Saved queries of CloudWatch Logs, made and removed with their stack."""

from __future__ import annotations

from typing import Any

from tests.region.conftest import refused
from tests.region.stack import Stack
from vpn_lab.region import Region
from vpn_model.read_api.inventory import read_inventory


def test_a_saved_query_lives_with_its_stack(region: Region, stack: Stack) -> None:
    logs = region.client("logs")
    before = read_inventory(region.client)
    text = "fields @timestamp | limit 1"

    def saved(name: str, **more: Any) -> dict[str, Any]:
        return {"Query": {"Type": "AWS::Logs::QueryDefinition", "Properties": {"Name": name, **more}}}

    assert stack.create(saved("mine", QueryString=text)) == "CREATE_COMPLETE"
    identifier = stack.physical_id("Query")
    assert stack.update(saved("yours", QueryString=text, LogGroupNames=["/a"])) == "UPDATE_COMPLETE"
    (found,) = logs.describe_query_definitions(queryDefinitionNamePrefix="you")["queryDefinitions"]
    assert (found["queryDefinitionId"], found["queryString"], found["logGroupNames"]) == (identifier, text, ["/a"])
    assert stack.delete() == "DELETE_COMPLETE"
    assert read_inventory(region.client).new_since(before) == {}
    assert refused(logs.delete_query_definition, queryDefinitionId=identifier) == "ResourceNotFoundException"


def test_a_saved_query_without_its_text_is_refused(stack: Stack) -> None:
    resource = {"Type": "AWS::Logs::QueryDefinition", "Properties": {"Name": "mine"}}
    assert stack.create({"Query": resource}) in {"ROLLBACK_COMPLETE", "CREATE_FAILED"}
    assert "required key [QueryString] not found" in stack.reason("Query")
