"""Which instances are allowed to do what to which resource, as their roles say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.template import Resource, Template


def allowed_instances(template: Template, action: str, resource: Resource) -> tuple[str, ...]:
    """The logical ids of the instances whose role allows ``action`` on a resource, in the template's order."""
    return tuple(
        instance.logical_id
        for instance in template.of_type("EC2::Instance")
        if any(
            action in _as_list(statement["Action"]) and resource in template.targets_within(statement["Resource"])
            for statement in _statements(template, instance)
        )
    )


def _statements(template: Template, instance: Resource) -> Iterator[Mapping[str, Any]]:
    profile = template.target(instance["IamInstanceProfile"])
    roles = list(template.targets_within(profile["Roles"])) if profile else []
    for role in roles:
        for inline in role["Policies"] or ():
            yield from _as_list(inline["PolicyDocument"]["Statement"])
    for policy in template.of_type("IAM::Policy", "IAM::ManagedPolicy"):
        if any(role in roles for role in template.targets_within(policy["Roles"])):
            yield from _as_list(policy["PolicyDocument"]["Statement"])


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
