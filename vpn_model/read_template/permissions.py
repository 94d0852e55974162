"""What the roles of instances allow, as the IAM resources of a template say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from vpn_model.network import Network
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.references import Reference
from vpn_model.read_template.template import Resource, Template
from vpn_model.unknown import Unknown

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
MENTIONED = re.compile(r"\$\{([^{}.]+)")


def may_use(
    template: Template, network: Network, action: str, resource_ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The instances that are allowed an action on a resource, by the resource's id. Conditions are not judged.

    Args:
        template: Has the roles and the policies.
        network: Has the instances.
        action: As IAM writes it, such as ``ec2:AssociateAddress``.
        resource_ids: The resources to look at. One that no instance may use is not in the answer.
    """
    mentioned = {
        instance.id: {name for one in _statements(template, instance.instance_profile, action) for name in one}
        for instance in network.instances.values()
    }
    found = {
        resource: tuple(instance for instance, names in mentioned.items() if names & {resource, "*"})
        for resource in resource_ids
    }
    return {resource: instances for resource, instances in found.items() if instances}


def _statements(template: Template, profile_id: str | None, action: str) -> Iterator[set[str]]:
    """The resources of each statement that allows the action."""
    for statement in _all_statements(template, profile_id):
        actions = [str(one).lower() for one in _listed(statement.raw("Action"))]
        if statement.text("Effect") == "Allow" and any(fnmatchcase(action.lower(), one) for one in actions):
            yield set(_names_within(statement.raw("Resource")))


def _all_statements(template: Template, profile_id: str | None) -> Iterator[Fields]:
    profile = template.get(profile_id or "")
    role_ids = template.fields(profile).ids("Roles") if profile else ()
    roles = [role for role in map(template.get, role_ids) if role]
    for role in roles:
        for inline in template.fields(role).items("Policies"):
            yield from _of_document(inline)
    for policy in template.of_type(*POLICIES):
        if _is_attached(template, policy, roles):
            yield from _of_document(template.fields(policy))


def _is_attached(template: Template, policy: Resource, roles: list[Resource]) -> bool:
    named = template.fields(policy).ids("Roles")
    return any(
        role.logical_id in named or policy.logical_id in template.fields(role).ids("ManagedPolicyArns")
        for role in roles
    )


def _of_document(policy: Fields) -> tuple[Fields, ...]:
    return policy.inner("PolicyDocument").items("Statement")


def _names_within(value: Any) -> Iterator[str]:
    """The logical ids that are mentioned in a resolved value, and ``*`` for everything."""
    if isinstance(value, Reference):
        yield value.logical_id
    elif isinstance(value, list):
        for inner in value:
            yield from _names_within(inner)
    elif isinstance(value, str | Unknown):
        yield from MENTIONED.findall(str(value))
        if str(value) == "*":
            yield "*"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
