"""What of a stack is deployed already: an update needs only what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from vpn_ops.preflight.asking import code_of, every

GONE = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")
"""A stack of which nothing is left. The CDK deletes one that was rolled back, and creates it again."""


@dataclass(frozen=True)
class Deployed:
    """The deployed resources of a stack.

    Attributes:
        status: State of the stack; empty without one.
        resources: Type and physical id of each resource by its logical id.
    """

    status: str = ""
    resources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def has(self, logical_id: str, kind: str) -> bool:
        """Whether a resource of this id and type is there."""
        return self.resources.get(logical_id, ("", ""))[0] == kind

    def physical_id(self, logical_id: str) -> str | None:
        """The id in the account; ``None`` if it is not there."""
        return self.resources.get(logical_id, ("", ""))[1] or None


def read_deployed(cloudformation: Any, stack: str) -> Deployed:
    """Read a stack's resources; an empty answer if there is no such stack.

    Raises:
        ClientError: The account does not allow it.
    """
    try:
        (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as problem:
        if code_of(problem) == "ValidationError" and "does not exist" in str(problem):
            return Deployed()
        raise
    status = str(described["StackStatus"])
    if status in GONE:
        return Deployed(status)
    listed = every(cloudformation, "list_stack_resources", "StackResourceSummaries", StackName=stack)
    return Deployed(
        status,
        {
            one["LogicalResourceId"]: (one["ResourceType"], one.get("PhysicalResourceId", ""))
            for one in listed
            if not one["ResourceStatus"].startswith("DELETE_COMPLETE")
        },
    )
