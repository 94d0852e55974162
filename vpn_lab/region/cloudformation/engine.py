# ruff: noqa: PLR0917 -- the engine calls it so
"""The parts of ministack's engine that are replaced."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from vpn_lab.region import ministack
from vpn_lab.region.cloudformation import (
    conditions,
    events,
    names,
    references,
    replacement,
    resources,
    schema,
    wait_conditions,
)
from vpn_lab.region.cloudformation.resource import REGISTRY, Place, Properties, ResourceType, described, is_gone
from vpn_lab.region.settings import Settings

PROVISIONERS = "services.cloudformation.provisioners"
STACKS = "services.cloudformation.stacks"

log = logging.getLogger(__name__)


def install(settings: Settings) -> None:
    assert resources.__all__
    handlers: dict[str, Any] = ministack.module(PROVISIONERS)._RESOURCE_HANDLERS
    for name in [name for name in handlers if name.startswith("AWS::EC2::")]:
        del handlers[name]  # ministack's own EC2 types would write to a store that our EC2 API does not read
    for name, resource_type in REGISTRY.items():
        handlers[name] = handler(resource_type)
    _tag_resources()
    _validate_properties()
    events.install()
    _run_beside_the_event_loop()
    conditions.install()
    references.install()
    replacement.install()
    wait_conditions.install(settings)


def handler(resource_type: ResourceType) -> dict[str, Any]:
    """The entry of ministack's table for one of our types."""

    def typed(properties: Properties) -> dict[str, Any]:
        return schema.coerce(resource_type.name, properties)

    def create(logical_id: str, properties: Properties, stack_name: str) -> tuple[str, dict[str, Any]]:
        wanted = typed(properties)
        with _refusals_as_reasons():
            physical_id = resource_type.create(wanted, Place(stack_name, logical_id))
            names.check_unowned(stack_name, logical_id, resource_type.name, physical_id)
            try:
                resource_type.settle(physical_id, wanted)
                return physical_id, resource_type.attributes(physical_id, wanted)
            except Exception:
                delete(physical_id, properties)
                raise

    def update(
        physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> tuple[str, dict[str, Any]]:
        before, wanted = typed(old), typed(new)
        with _refusals_as_reasons():
            if before != wanted:
                resource_type.update(physical_id, before, wanted, Place(stack_name, logical_id))
            return physical_id, resource_type.attributes(physical_id, wanted)

    def delete(physical_id: str, properties: Properties) -> None:
        with _refusals_as_reasons():
            try:
                resource_type.delete(physical_id, typed(properties))
            except ClientError as problem:
                if not is_gone(problem):
                    raise

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


class _refusals_as_reasons:  # noqa: N801 -- reads as a statement
    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, ClientError):
            raise ValueError(described(problem)) from problem


def _tag_resources() -> None:
    """Add the stack's tags and the three aws:cloudformation tags to every type whose schema has a list of tags."""
    table: dict[str, tuple[str, str]] = ministack.module(PROVISIONERS)._STACK_TAG_PROPERTY
    for name in [name for name in table if name.startswith("AWS::EC2::")]:
        del table[name]
    for name in REGISTRY:
        if schema.tag_property(name):
            table[name] = ("Tags", "list")


def _validate_properties() -> None:
    provision: Callable[..., Any] = ministack.module(STACKS)._provision_resource
    change: Callable[..., Any] = ministack.module(STACKS)._update_resource

    def provision_valid(resource_type: str, logical_id: str, properties: Properties, stack_name: str) -> Any:
        schema.validate(resource_type, logical_id, properties)
        names.check_free(resource_type, properties, stack_name)
        return provision(resource_type, logical_id, properties, stack_name)

    def change_to_valid(
        resource_type: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Any:
        schema.validate(resource_type, logical_id or physical_id, new)
        names.check_free(resource_type, new, stack_name, old)
        return change(resource_type, physical_id, old, new, stack_name, logical_id, attributes)

    ministack.replace(STACKS, "_provision_resource", provision_valid)
    ministack.replace(STACKS, "_update_resource", change_to_valid)


def _run_beside_the_event_loop() -> None:
    """Our types call back into this process, so they must not block the loop that answers."""
    blocks: Callable[[str], bool] = ministack.module(STACKS)._runs_on_worker_thread
    ministack.replace(STACKS, "_runs_on_worker_thread", lambda name: name in REGISTRY or blocks(name))
