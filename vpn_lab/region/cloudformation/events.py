# ruff: noqa: PLR0917 -- the engine calls it so
"""Stack events as CloudFormation writes them.

ministack announces an update of every resource of a stack, changed or not, reports a creation during an update as an
update, and reports no deletions at the end of an update. The CDK CLI and people rely on these events.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from vpn_lab.region import ministack, regions

STACKS = "services.cloudformation.stacks"
STACK_TYPE = "AWS::CloudFormation::Stack"
ANNOUNCED = "UPDATE_IN_PROGRESS"

Key = tuple[str, str, str]

_announced: dict[Key, tuple[Any, ...]] = {}
"""(Region, stack name, logical id) → the event of an update, held back until it is known what kind of change it is."""
_kind: dict[Key, str] = {}
"""(Region, stack name, logical id) → what the update turned out to be: create, update, or nothing."""


def install() -> None:
    write: Callable[..., None] = ministack.module(STACKS)._add_event

    def write_as_aws(
        stack_id: str, stack_name: str, logical_id: str, resource_type: str, status: str, *details: Any, **more: Any
    ) -> None:
        key = _key(stack_name, logical_id)
        if resource_type != STACK_TYPE and status == ANNOUNCED and not details and not more:
            _announced[key] = (stack_id, stack_name, logical_id, resource_type)
            return
        if key in _announced and status.startswith("UPDATE"):
            if "Requested update requires" in str(details):
                _settle_announcement(write, key, "update")
            elif status == "UPDATE_FAILED":
                _settle_announcement(write, key, _kind.get(key, "update"))
        kind = _kind.get(key, "update")
        if status in ("UPDATE_COMPLETE", "UPDATE_FAILED") and resource_type != STACK_TYPE:
            _kind.pop(key, None)
            if kind == "nothing":
                _announced.pop(key, None)
                return
            status = status.replace("UPDATE", kind.upper())
        write(stack_id, stack_name, logical_id, resource_type, status, *details, **more)
        _later_than_the_last(stack_id)

    ministack.replace(STACKS, "_add_event", write_as_aws)
    _install_kinds(write)
    _install_cleanup()


def _key(stack_name: str, logical_id: str) -> Key:
    return regions.current(), stack_name, logical_id


def _settle_announcement(write: Callable[..., None], key: Key, kind: str) -> None:
    """Emit a held event, now that the kind of change is known."""
    _kind[key] = kind
    arguments = _announced.pop(key, None)
    if arguments is not None and kind != "nothing":
        write(*arguments, f"{kind.upper()}_IN_PROGRESS")
        _later_than_the_last(arguments[0])


def _install_kinds(write: Callable[..., None]) -> None:
    provision: Callable[..., Any] = ministack.module(STACKS)._provision_resource
    change: Callable[..., Any] = ministack.module(STACKS)._update_resource

    def provision_announced(resource_type: str, logical_id: str, properties: Any, stack_name: str) -> Any:
        if _key(stack_name, logical_id) in _announced:
            _settle_announcement(write, _key(stack_name, logical_id), "create")
        return provision(resource_type, logical_id, properties, stack_name)

    def change_announced(
        resource_type: str, physical_id: str, old: Any, new: Any, stack_name: str, logical_id: str, *more: Any
    ) -> Any:
        if _key(stack_name, logical_id) in _announced:
            _settle_announcement(write, _key(stack_name, logical_id), "nothing" if old == new else "update")
        return change(resource_type, physical_id, old, new, stack_name, logical_id, *more)

    ministack.replace(STACKS, "_provision_resource", provision_announced)
    ministack.replace(STACKS, "_update_resource", change_announced)


def _install_cleanup() -> None:
    """A successful update deletes what it no longer needs in a separate phase."""
    delete: Callable[..., None] = ministack.module(STACKS)._delete_resource

    def delete_with_events(
        resource_type: str, physical_id: str, properties: Any, stack_name: str, logical_id: str
    ) -> None:
        stack = ministack.module("services.cloudformation")._stacks.get(stack_name) or {}
        if not str(stack.get("StackStatus", "")).startswith(("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP")):
            delete(resource_type, physical_id, properties, stack_name, logical_id)
            return
        write, identifier = ministack.module(STACKS)._add_event, stack["StackId"]
        if stack["StackStatus"] == "UPDATE_IN_PROGRESS":
            stack["StackStatus"] = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
            write(identifier, stack_name, stack_name, STACK_TYPE, stack["StackStatus"], "", identifier)
        write(identifier, stack_name, logical_id, resource_type, "DELETE_IN_PROGRESS", "", physical_id)
        delete(resource_type, physical_id, properties, stack_name, logical_id)
        write(identifier, stack_name, logical_id, resource_type, "DELETE_COMPLETE", "", physical_id)

    ministack.replace(STACKS, "_delete_resource", delete_with_events)


def _later_than_the_last(stack_id: str) -> None:
    """Clients sort events by time: two events of the same millisecond would change places."""
    events: list[dict[str, Any]] = ministack.module("services.cloudformation")._stack_events[stack_id]
    if len(events) > 1:
        last, before = (datetime.fromisoformat(one["Timestamp"]) for one in (events[-1], events[-2]))
        if last <= before:
            later = before + timedelta(milliseconds=1)
            events[-1]["Timestamp"] = later.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
