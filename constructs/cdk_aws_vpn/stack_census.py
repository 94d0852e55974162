"""Counts what a stack holds of each kind, so that AWS's quotas per Region can be checked while it is built."""

from __future__ import annotations

from collections import Counter
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

from cdk_aws_vpn.quotas import Quota

__all__ = ["count_in_stack"]

_census: WeakKeyDictionary[Stack, Counter[str]] = WeakKeyDictionary()


def count_in_stack(construct: Construct, quota: Quota, prop: str) -> None:
    """Count ``construct`` against ``quota`` in its stack.

    Raises:
        QuotaError: The stack holds more than the quota grants.
    """
    counter = _census.setdefault(Stack.of(construct), Counter())
    counter[quota.key] += 1
    quota.check(construct, prop, counter[quota.key])
