"""A resource with a name of its own is not taken over from somebody else.

CloudFormation's handlers look before they create, and report ``AlreadyExists``. The APIs of most of these services
would replace what has the name, and so does ministack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vpn_lab.region import ministack, regions

Properties = Mapping[str, Any]


def _in(module: str, store: str, key: Callable[[Properties], Any]) -> Callable[[Properties], bool]:
    return lambda properties: key(properties) in getattr(ministack.module(module), store)


def _account() -> str:
    return str(ministack.module("core.responses").get_account_id())


def _policy(properties: Properties) -> str:
    return f"arn:aws:iam::{_account()}:policy{properties.get('Path') or '/'}{properties['ManagedPolicyName']}"


def _topic(properties: Properties) -> str:
    return f"arn:aws:sns:{regions.current()}:{_account()}:{properties['TopicName']}"


def _alias(properties: Properties) -> str:
    return f"arn:aws:kms:{regions.current()}:{_account()}:{properties['AliasName']}"


def _queue_exists(properties: Properties) -> bool:
    urls = ministack.module("services.sqs")._queues
    return any(url.rpartition("/")[2] == properties["QueueName"] for url in urls)


NAMED: dict[str, tuple[str, Callable[[Properties], bool]]] = {
    "AWS::CloudWatch::Alarm": ("AlarmName", _in("services.cloudwatch", "_alarms", lambda one: one["AlarmName"])),
    "AWS::CloudWatch::Dashboard": (
        "DashboardName",
        _in("services.cloudwatch", "_dashboards", lambda one: one["DashboardName"]),
    ),
    "AWS::Events::Rule": (
        "Name",
        _in("services.eventbridge", "_rules", lambda one: f"{one.get('EventBusName') or 'default'}|{one['Name']}"),
    ),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", _in("services.iam", "_policies", _policy)),
    "AWS::IAM::Role": ("RoleName", _in("services.iam", "_roles", lambda one: one["RoleName"])),
    "AWS::KMS::Alias": ("AliasName", _in("services.kms", "_aliases", _alias)),
    "AWS::Lambda::Function": (
        "FunctionName",
        _in("services.lambda_svc", "_functions", lambda one: one["FunctionName"]),
    ),
    "AWS::Logs::LogGroup": (
        "LogGroupName",
        _in("services.cloudwatch_logs", "_log_groups", lambda one: one["LogGroupName"]),
    ),
    "AWS::Logs::MetricFilter": (
        "FilterName",
        _in("services.cloudwatch_logs", "_metric_filters", lambda one: (one["LogGroupName"], one["FilterName"])),
    ),
    "AWS::Logs::ResourcePolicy": (
        "PolicyName",
        _in("services.cloudwatch_logs", "_resource_policies", lambda one: one["PolicyName"]),
    ),
    "AWS::SNS::Topic": ("TopicName", _in("services.sns", "_topics", _topic)),
    "AWS::SQS::Queue": ("QueueName", _queue_exists),
}
"""Type → the property with the name, and whether something already has it."""


class AlreadyExistsError(ValueError):
    """The reason in the event of a resource whose name is taken."""

    def __init__(self, resource_type: str, name: str) -> None:
        super().__init__(
            f"Resource handler returned message: \"Resource of type '{resource_type}' with identifier '{name}' "
            'already exists." (HandlerErrorCode: AlreadyExists)'
        )


def check_free(resource_type: str, properties: Properties, stack_name: str, before: Properties | None = None) -> None:
    """Raise ``AlreadyExistsError`` if a resource would take a name that something else has.

    Args:
        resource_type: Its type.
        properties: Its properties.
        stack_name: Its stack. While that rolls back, its own resources return to their names.
        before: Its properties before an update; a name that stays is its own.
    """
    if resource_type not in NAMED:
        return
    member, exists = NAMED[resource_type]
    name = properties.get(member)
    if not name or (before is not None and before.get(member) == name) or _rolls_back(stack_name):
        return
    if exists(properties):
        raise AlreadyExistsError(resource_type, str(name))


def check_unowned(stack_name: str, logical_id: str, resource_type: str, physical_id: str) -> None:
    """Raise ``AlreadyExistsError`` if another resource of a stack is the one that was just "created".

    Some calls accept what is already there: attaching a gateway again, or enabling a propagation again. The other
    resource would undo it when it is deleted.
    """
    for name, stack in ministack.module("services.cloudformation")._stacks.items():
        for owner, record in (stack.get("_resources") or {}).items():
            same = (record.get("ResourceType"), record.get("PhysicalResourceId")) == (resource_type, physical_id)
            if same and (name, owner) != (stack_name, logical_id) and "DELETE" not in str(record.get("ResourceStatus")):
                raise AlreadyExistsError(resource_type, physical_id)


def _rolls_back(stack_name: str) -> bool:
    stack = ministack.module("services.cloudformation")._stacks.get(stack_name) or {}
    return "ROLLBACK" in str(stack.get("StackStatus"))
