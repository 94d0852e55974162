"""Where a construct stands: its node, its path and its stack.

Each question to the CDK is a message to another process and an answer from it. These answers never change, so each is
asked for once per construct.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar, cast

from aws_cdk import Stack
from constructs import IConstruct, Node
from jsii.errors import JSIIError

from cdk_aws_vpn.errors import VpnConfigurationError

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def asked_once(question: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Let a function ask the CDK once per construct, and remember the answer.

    The memory keeps nothing alive: jsii itself keeps every construct until the process ends.
    """
    return cast("Callable[[Asked], Answer]", cache(question))


@asked_once
def node_of(construct: IConstruct) -> Node:
    """Return the node of a construct in the tree of its app."""
    return construct.node


@asked_once
def path_of(construct: IConstruct) -> str:
    """Return the path of a construct in its app."""
    return node_of(construct).path


@asked_once
def stack_of(construct: IConstruct) -> Stack:
    """Return the stack that a construct is in.

    Raises:
        VpnConfigurationError: It is in none.
    """
    try:
        return Stack.of(construct)
    except (JSIIError, RuntimeError):  # the CDK's way to say that there is none
        raise VpnConfigurationError(
            "scope", path_of(construct) or "(the app)", "a construct in a Stack", "put it into a Stack"
        ) from None


@asked_once
def root_of(construct: IConstruct) -> IConstruct:
    """Return the app that a construct is in."""
    return node_of(construct).root


def check_same_app(prop: str, construct: IConstruct, scope: IConstruct) -> None:
    """Check that ``construct`` is in the same app and Region as ``scope``.

    A template cannot refer to another app, and AWS connects nothing to a gateway of another Region.

    Raises:
        VpnConfigurationError: It is in another one.
    """
    if root_of(construct) is not root_of(scope):
        raise VpnConfigurationError(
            prop,
            path_of(construct),
            "a construct of the same app",
            "refer to what another app has made by its id, with from_id(…)",
        )
    mine, theirs = region_of(stack_of(scope)), region_of(stack_of(construct))
    if None not in (mine, theirs) and mine != theirs:
        raise VpnConfigurationError(
            prop, path_of(construct), f"a construct of the Region {mine}", f"it is in {theirs}; make one in {mine}"
        )


def check_same_stack(prop: str, construct: IConstruct, other: IConstruct, why: str) -> None:
    """Check that two constructs are in one stack.

    Args:
        prop: The name of the argument.
        construct: What the caller passed.
        other: What must be in the same stack.
        why: Why, as the end of "a construct in the stack …".

    Raises:
        VpnConfigurationError: They are in two.
    """
    mine, theirs = path_of(stack_of(other)), path_of(stack_of(construct))
    if mine != theirs:
        raise VpnConfigurationError(
            prop, path_of(construct), f"a construct in the stack {mine}, {why}", f"make it in {mine}, not in {theirs}"
        )


@asked_once
def region_of(stack: Stack) -> str | None:
    """Return the Region of a stack; None if only the CLI knows it."""
    return None if "${Token[" in stack.region else stack.region


@asked_once
def stack_name_of(construct: IConstruct) -> str:
    """Return the name of the stack that a construct is in."""
    return stack_of(construct).stack_name
