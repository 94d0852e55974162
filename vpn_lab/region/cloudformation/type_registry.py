"""``DescribeType``: which types of resources CloudFormation has in a Region, as cfn-lint ships its schemas."""

from __future__ import annotations

from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError  # type: ignore[import-untyped]

from vpn_lab.region import ministack, regions

HANDLERS = "services.cloudformation.handlers"


def install() -> None:
    """Answer the action, which ministack does not know."""
    ministack.module(HANDLERS)._ACTION_HANDLERS["DescribeType"] = _describe_type


def _describe_type(parameters: dict[str, list[str]]) -> Any:
    handlers = ministack.module(HANDLERS)
    name = parameters.get("TypeName", [""])[0]
    try:
        PROVIDER_SCHEMA_MANAGER.get_resource_schema(regions.current(), name)
    except ResourceNotFoundError:
        return handlers._error("TypeNotFoundException", f"The type '{name}' cannot be found.", 404)
    shown = f"<Type>RESOURCE</Type><TypeName>{name}</TypeName><Visibility>PUBLIC</Visibility>"
    result = f"<DescribeTypeResult>{shown}</DescribeTypeResult>"
    return handlers._xml(200, "DescribeTypeResponse", result)
