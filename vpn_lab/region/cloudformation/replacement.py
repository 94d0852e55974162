# ruff: noqa: PLR0917 -- the engine calls it so
"""Decides when an update replaces a resource, and in which order.

The schema decides: changing a create-only property replaces the resource, any other change is made in place.
CloudFormation creates the new resource before it deletes the old one, unless the schema says the opposite.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from vpn_lab.region import ministack, regions
from vpn_lab.region.cloudformation import schema
from vpn_lab.region.cloudformation.resource import REGISTRY

PROVISIONERS = "services.cloudformation.provisioners"
STACKS = "services.cloudformation.stacks"

Properties = Mapping[str, Any]

_removed_first: dict[tuple[str, str, str], tuple[str, str, Properties]] = {}
"""(Region, stack name, logical id) → type, physical id and properties of a resource deleted before its replacement."""


def install() -> None:
    _install_decisions()
    _install_order()
    _install_restoration()


def _install_decisions() -> None:
    engine_recreation: Callable[[str, str], str] = ministack.module(PROVISIONERS)._property_recreation
    engine_replacing: Callable[[str, Properties, Properties], bool] = ministack.module(PROVISIONERS)._replacing_change

    def recreation(resource_type: str, name: str) -> str:
        """What a change set says about one property."""
        if resource_type not in REGISTRY:
            return engine_recreation(resource_type, name)
        if any(path[0] == name for path in schema.create_only(resource_type)):
            return "Always"
        if any(path[0] == name for path in schema.conditionally_create_only(resource_type)):
            return "Conditionally"
        return "Never"

    def replacing(resource_type: str, old: Properties, new: Properties) -> bool:
        if resource_type not in REGISTRY:
            return engine_replacing(resource_type, old, new)
        if schema.replacing_changes(resource_type, old, new):
            return True
        typed = schema.coerce(resource_type, old), schema.coerce(resource_type, new)
        return REGISTRY[resource_type].needs_replacement(*typed)

    for module in (PROVISIONERS, STACKS):
        ministack.replace(module, "_property_recreation", recreation)
        ministack.replace(module, "_replacing_change", replacing)


def _install_order() -> None:
    create_first: Callable[..., Any] = ministack.module(PROVISIONERS)._replace_resource

    def replace(
        resource_type: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str,
    ) -> Any:
        if schema.deletes_before_it_creates(resource_type):
            ministack.module(PROVISIONERS)._delete_resource(resource_type, physical_id, old, stack_name, logical_id)
            _removed_first[regions.current(), stack_name, logical_id] = (resource_type, physical_id, old)
        return create_first(resource_type, physical_id, old, new, stack_name, logical_id)

    ministack.replace(PROVISIONERS, "_replace_resource", replace)


def _install_restoration() -> None:
    """A rollback creates again what the update deleted first."""
    roll_back: Callable[..., Awaitable[None]] = ministack.module(STACKS)._roll_back_operation

    async def roll_back_and_restore(
        stack_name: str, stack_id: str, stack: dict[str, Any], operation: dict[str, Any], reason: str = ""
    ) -> None:
        await roll_back(stack_name, stack_id, stack, operation, reason)
        if stack["StackStatus"] == "ROLLBACK_FAILED":
            _keep_what_is_left(stack)
        for (region, owner, logical_id), (resource_type, physical_id, properties) in list(_removed_first.items()):
            record = stack.get("_resources", {}).get(logical_id)
            mine = (region, owner) == (regions.current(), stack_name)
            if mine and record is not None and record["PhysicalResourceId"] == physical_id:
                await _restore(stack_name, logical_id, resource_type, properties, record)

    for module in (STACKS, "services.cloudformation.handlers"):
        ministack.replace(module, "_roll_back_operation", roll_back_and_restore)


def _keep_what_is_left(stack: dict[str, Any]) -> None:
    """Keep what a rollback could not delete in the stack, so that deleting the stack tries again."""
    for logical_id, record in stack.get("_rollback_failed", {}).items():
        kept = {"LogicalResourceId": logical_id, "ResourceStatus": "DELETE_FAILED", "Attributes": {}, **record}
        stack["_resources"].setdefault(logical_id, kept)


async def _restore(
    stack_name: str, logical_id: str, resource_type: str, properties: Properties, record: dict[str, Any]
) -> None:
    create = ministack.module(STACKS)._provision_resource
    run = ministack.module("core.concurrency").run_reentrant
    record["PhysicalResourceId"], record["Attributes"] = await run(
        create, resource_type, logical_id, properties, stack_name
    )
