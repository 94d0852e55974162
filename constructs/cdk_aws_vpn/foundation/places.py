"""Where a construct stands: its node, its path and its stack.

Each question to the CDK is a message to another process and an answer from it. These answers never change, so each is
asked for once per construct. The caches keep nothing alive: jsii itself keeps every construct until the process ends.
"""

from __future__ import annotations

from functools import cache

from aws_cdk import Stack
from constructs import IConstruct, Node


@cache
def node_of(construct: IConstruct) -> Node:
    """Return the node of a construct in the tree of its app."""
    return construct.node


@cache
def path_of(construct: IConstruct) -> str:
    """Return the path of a construct in its app."""
    return node_of(construct).path


@cache
def stack_of(construct: IConstruct) -> Stack:
    """Return the stack that a construct stands in."""
    return Stack.of(construct)


@cache
def root_of(construct: IConstruct) -> IConstruct:
    """Return the app that a construct stands in."""
    return node_of(construct).root


@cache
def stack_name_of(construct: IConstruct) -> str:
    """Return the name of the stack that a construct stands in."""
    return stack_of(construct).stack_name
