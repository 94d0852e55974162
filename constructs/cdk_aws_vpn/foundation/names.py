"""Names made of a construct's path: in titles, in names of AWS, in ids of constructs and resources."""

from __future__ import annotations

import re

from constructs import IConstruct

from cdk_aws_vpn.foundation.places import path_of, stack_name_of, stack_of


def path_in_stack(construct: IConstruct) -> str:
    """Return the path of a construct below its stack."""
    return path_of(construct).removeprefix(f"{path_of(stack_of(construct))}/")


def name_in_region(construct: IConstruct) -> str:
    """Return the name of the stack and the path below it, which no other construct of the account and Region has."""
    return f"{stack_name_of(construct)}/{path_in_stack(construct)}"


def logical_name(construct: IConstruct) -> str:
    """Return the path of a construct in its stack as letters and digits, for a logical id."""
    return re.sub(r"[^A-Za-z0-9]", "", path_in_stack(construct))


def as_construct_id(text: str) -> str:
    """Return ``text``, such as a network or a path, without the slashes that an id may not have."""
    return text.replace("/", " ")
