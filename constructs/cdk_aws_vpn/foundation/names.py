"""Names made of a construct's path: in titles, in names of AWS, in ids of constructs and resources.

A name stays when a stack with a ``stack_name`` moves into a stage, and contains nothing that a stack learns later, such
as its account. Like the CDK's logical ids, it leaves out constructs with the id ``Default``.
"""

from __future__ import annotations

import re

from aws_cdk import Stack
from constructs import IConstruct

from cdk_aws_vpn.foundation.places import asked_once, path_of, stack_name_of, stack_of

_HIDDEN_ID = "Default"


def path_in_stack(construct: IConstruct) -> str:
    """Return the path of a construct below its stack."""
    return _path_below(stack_of(construct), construct)


def name_in_region(construct: IConstruct) -> str:
    """Return the name of the stack and the path below it, which no other construct of the account and Region has.

    For a construct in a nested stack, this is the name of the outermost stack, which is known at synthesis.
    """
    stack = outermost_stack(stack_of(construct))
    return f"{stack_name_of(stack)}/{_path_below(stack, construct)}"


def name_seen_from(viewer: IConstruct, construct: IConstruct) -> str:
    """Return what to call ``construct`` below ``viewer``: its path, after its stack's name if that is another one."""
    same = path_of(stack_of(viewer)) == path_of(stack_of(construct))
    return path_in_stack(construct) if same else name_in_region(construct)


def logical_name(construct: IConstruct) -> str:
    """Return the path of a construct in its stack as letters and digits, for a logical id."""
    return re.sub(r"[^A-Za-z0-9]", "", path_in_stack(construct))


def as_construct_id(text: str) -> str:
    """Return ``text``, such as a network or a path, without the slashes that an id may not have."""
    return text.replace("/", " ")


def _path_below(stack: Stack, construct: IConstruct) -> str:
    path = path_of(construct).removeprefix(f"{path_of(stack)}/")
    return "/".join(part for part in path.split("/") if part != _HIDDEN_ID)


@asked_once
def outermost_stack(stack: Stack) -> Stack:
    """Return the stack that a nested stack is deployed with; any other stack itself."""
    parent = stack.nested_stack_parent
    return stack if parent is None else outermost_stack(parent)
