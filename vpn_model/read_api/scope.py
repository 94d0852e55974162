"""What is asked for: everything of an account and Region, or what belongs to one CloudFormation stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vpn_model.modelled import MODELLED_TYPES
from vpn_model.network import Other, Stack, StackResource
from vpn_model.read_api.calls import Calls, Entry, filters

VALUES_PER_FILTER = 200
"""The most that EC2 takes."""


@dataclass(frozen=True)
class Question:
    """A call that describes resources of one type."""

    call: str
    member: str
    """The list in its answer."""
    type: str
    """The type in CloudFormation's words, without ``AWS::EC2::``."""
    key: str
    """The id in an entry of the list; for what CloudFormation identifies otherwise, that identifier."""
    filter: str
    """The filter that the id has."""


class Everything:
    """All that is in the account and Region."""

    stack: Stack | None = None
    others: tuple[Other, ...] = ()

    def of_type(self, kind: str) -> tuple[str, ...] | None:
        """The ids to ask for; None for all."""
        del kind
        return None


@dataclass(frozen=True)
class OfStack:
    """What a stack made, by the ids that CloudFormation lists."""

    stack: Stack

    @property
    def others(self) -> tuple[Other, ...]:
        """The stack's resources that are not modelled."""
        resources = (one for one in self.stack.resources if one.type not in MODELLED_TYPES)
        return tuple(Other(one.id, one.type) for one in resources)

    def of_type(self, kind: str) -> tuple[str, ...]:
        """The ids of a type, such as ``VPC``."""
        return tuple(one.id for one in self.stack.resources if one.type == f"AWS::EC2::{kind}")


Scope = Everything | OfStack


def scope_of(calls: Calls, stack_name: str | None) -> Scope:
    """Ask CloudFormation for a stack's resources and outputs; without a name, everything is asked for."""
    if stack_name is None:
        return Everything()
    listed = calls.pages(
        "list_stack_resources", "StackResourceSummaries", service="cloudformation", StackName=stack_name
    )
    described = calls.pages("describe_stacks", "Stacks", service="cloudformation", StackName=stack_name)
    stack: Mapping[str, Any] = described[0] if described else {}
    return OfStack(
        Stack(
            name=stack_name,
            resources=tuple(_resource(one) for one in listed if one["ResourceStatus"] != "DELETE_COMPLETE"),
            outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())},
            description=str(stack.get("Description", "")),
        )
    )


def _resource(entry: Entry) -> StackResource:
    # a resource that is still being made has no physical id
    return StackResource(entry["LogicalResourceId"], entry.get("PhysicalResourceId", ""), entry["ResourceType"])


def described(calls: Calls, question: Question, ids: Iterable[str] | None, by: str | None = None) -> list[Entry]:
    """Describe what has one of the ids, by the question's filter or another one; everything if no ids are given.

    A filter, unlike a list of ids, does not fail if one of them is gone.
    """
    if ids is None:
        return calls.pages(question.call, question.member)
    wanted = sorted({one for one in ids if one})
    return [
        entry
        for start in range(0, len(wanted), VALUES_PER_FILTER)
        for entry in calls.pages(
            question.call,
            question.member,
            **filters({by or question.filter: wanted[start : start + VALUES_PER_FILTER]}),
        )
    ]


def in_vpcs(
    calls: Calls, question: Question, scope: Scope, vpcs: Iterable[str] | None, by: str = "vpc-id"
) -> list[Entry]:
    """Describe what is in VPCs, and what else the stack made; everything if no VPCs are given."""
    inside = described(calls, question, vpcs, by)
    missing = set(scope.of_type(question.type) or ()) - {str(one.get(question.key)) for one in inside}
    return [*inside, *described(calls, question, missing)]
