"""What a value stands for, literal or token: for ids, and to tell whether two constructs stand for one resource.

An id follows from what a resource is, never from its place in a list or from the order of calls: CloudFormation creates
before it deletes, so a resource whose id has moved collides with itself. Source: "Update behaviors of stack resources".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

from aws_cdk import Reference, Stack, Tokenization
from constructs import IConstruct

from cdk_aws_vpn.checks.tokens import is_placeholder
from cdk_aws_vpn.foundation.names import as_construct_id, name_seen_from
from cdk_aws_vpn.foundation.places import asked_once, node_of, path_of, stack_of

_DIGITS = 12
_ONE_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_GIVEN_BY_AWS = re.compile(r"[a-z]+(-[a-z]+)*-([0-9a-f]{8}|[0-9a-f]{17})")


def id_for(scope: IConstruct, kind: str, *values: str) -> str:
    """Return the id below ``scope`` of the one resource that belongs to ``values``.

    Args:
        scope: The construct that gets the child.
        kind: What the child is, such as ``Route``.
        values: What identifies it, such as a route table and a network. A value may be a token.
    """
    construct_id = as_construct_id(" ".join((kind, *(what_it_is(scope, value) for value in values))))
    if not any(is_placeholder(value) for value in values):
        return construct_id
    # different values have the same placeholder; the template with these ids is never deployed
    numbers = (f"{construct_id} {number}" for number in count(2))
    node = node_of(scope)
    return next(each for each in chain((construct_id,), numbers) if node.try_find_child(each) is None)


def in_order(scope: IConstruct, values: Sequence[str]) -> list[str]:
    """Return ``values``, whose order has no meaning, in an order that follows from the values alone."""
    if len(values) < 2:
        return list(values)
    return sorted(values, key=lambda value: _natural(what_it_is(scope, value)))


def what_it_is(scope: IConstruct, value: str) -> str:
    """Return a text that is the same whenever ``value`` is the same: the value, or what a token refers to.

    Args:
        scope: The construct that uses the value.
        value: An id, a network or another text, which may be a token.
    """
    if not _holds_token(value):
        return value
    reference = reference_of(value)
    if reference is None:
        resolved = json.dumps(stack_of(scope).resolve(value), sort_keys=True)
        return hashlib.sha256(resolved.encode()).hexdigest()[:_DIGITS]
    name = name_seen_from(scope, reference.target).removesuffix("/Resource")
    return name if reference.display_name == "Ref" else f"{name} {reference.display_name}"


def identity_of(owner: IConstruct, value: str) -> str:
    """Return a text that two constructs of an app have in common if they stand for the same resource of AWS.

    Args:
        owner: The construct that stands for the resource.
        value: The id of the resource. An id that AWS has given is the identity itself; that of a token is what the
            token refers to. Any other text, such as the placeholder that the CDK supplies until a look-up is complete,
            stands for ``owner`` alone.
    """
    if not _holds_token(value):
        return value if _GIVEN_BY_AWS.fullmatch(value) else path_of(owner)
    reference = reference_of(value)
    if reference is None:
        return f"{path_of(stack_of(owner))} {what_it_is(owner, value)}"
    return f"{path_of(reference.target)} {reference.display_name}"


def home_of(value: str) -> Stack | None:
    """Return the stack of the resource that a token refers to; None for a literal, and for a token of another kind."""
    reference = reference_of(value) if _holds_token(value) else None
    return None if reference is None else stack_of(reference.target)


def _holds_token(value: str) -> bool:
    return "${Token[" in value


@dataclass(frozen=True)
class Referred:
    """What a reference leads to: a construct, and the attribute of its resource; ``Ref`` is its id."""

    target: IConstruct
    display_name: str


@asked_once
def reference_of(value: str) -> Referred | None:
    """Return what a token that is a reference leads to; None for anything composed."""
    if not _ONE_TOKEN.fullmatch(value):
        return None
    token = Tokenization.reverse_complete_string(value)
    return Referred(token.target, token.display_name) if isinstance(token, Reference) else None


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key by which 10.9.0.0 comes before 10.10.0.0."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
