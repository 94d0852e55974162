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
        RuntimeError: It is in none.
    """
    return Stack.of(construct)


@asked_once
def root_of(construct: IConstruct) -> IConstruct:
    """Return the app that a construct is in."""
    return node_of(construct).root


@asked_once
def stack_name_of(construct: IConstruct) -> str:
    """Return the name of the stack that a construct is in."""
    return stack_of(construct).stack_name
