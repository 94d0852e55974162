"""Keeps account of what a stack holds, so that AWS's quotas and what must be unique are checked while it is built."""

from __future__ import annotations

from collections import Counter
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

from cdk_aws_vpn.quotas import Quota

__all__ = ["claim_in_stack", "count_in_stack"]

_census: WeakKeyDictionary[Stack, Counter[str]] = WeakKeyDictionary()
_claims: WeakKeyDictionary[Stack, dict[tuple[object, ...], str]] = WeakKeyDictionary()


def count_in_stack(construct: Construct, quota: Quota, prop: str) -> None:
    """Count ``construct`` against ``quota`` in its stack.

    Raises:
        QuotaError: The stack holds more than the quota grants.
    """
    counter = _census.setdefault(Stack.of(construct), Counter())
    counter[quota.key] += 1
    quota.check(construct, prop, counter[quota.key])


def claim_in_stack(construct: Construct, *key: object) -> str | None:
    """Claim ``key``, which AWS lets one resource have, for ``construct``.

    Returns:
        The path of the construct of the same stack that claimed it before; None for the first one.
    """
    claims = _claims.setdefault(Stack.of(construct), {})
    earlier = claims.get(key)
    claims.setdefault(key, construct.node.path)
    return earlier
