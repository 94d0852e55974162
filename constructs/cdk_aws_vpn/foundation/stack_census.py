"""Counts what a stack or an app contains, so that AWS's quotas and uniqueness are checked while it is built."""

from __future__ import annotations

from collections import Counter
from weakref import WeakKeyDictionary

from aws_cdk import Environment, Stack, Stage
from constructs import Construct, IConstruct

from cdk_aws_vpn.foundation.places import asked_once, path_of, root_of, stack_of
from cdk_aws_vpn.foundation.quotas import Quota

# By the construct within which something counts: a stack, or the whole app.
_census: WeakKeyDictionary[IConstruct, Counter[tuple[str, ...]]] = WeakKeyDictionary()
_claims: WeakKeyDictionary[IConstruct, dict[tuple[object, ...], str]] = WeakKeyDictionary()


def count_in_stack(construct: Construct, quota: Quota, prop: str) -> None:
    """Count ``construct`` against ``quota`` in its stack.

    Raises:
        QuotaError: The stack contains more than the quota allows.
    """
    quota.check(construct, prop, _count(stack_of(construct), (quota.key,), 1))


def count_in_environment(
    construct: Construct, quota: Quota, prop: str, count: int, environment: Environment | None = None
) -> None:
    """Count ``count`` resources against ``quota`` in an account and Region, over the whole app.

    Args:
        construct: What makes the resources.
        quota: One that counts by Region.
        prop: The property that the error names.
        count: How many resources to add.
        environment: Account and Region. A part that is not given is that of the stage, or else of the CLI.

    Raises:
        QuotaError: With everything that was counted before, the account has more in this Region than the quota allows.
    """
    key = (quota.key, *_account_and_region(construct, environment))
    quota.check(construct, prop, _count(root_of(construct), key, count))


def claim(construct: Construct, *key: object) -> str | None:
    """Claim ``key``, which one resource of an account and Region may have, for ``construct``, over the whole app.

    Args:
        construct: What makes the resource.
        key: What is claimed. Name a resource of AWS by :func:`~cdk_aws_vpn.foundation.identity.identity_of`, so that it
            is the same one in every stack.

    Returns:
        The path of the construct that claimed it before; None for the first one.
    """
    claims = _claims.setdefault(root_of(construct), {})
    earlier = claims.get(key := (*environment_of(construct), *key))
    claims.setdefault(key, path_of(construct))
    return earlier


def environment_of(construct: IConstruct) -> tuple[str, ...]:
    """Return what two constructs have in common if they are deployed to the same account and Region.

    Stacks without an account or a Region of their own get those of the CLI. They are in one environment with the other
    such stacks of their stage. So is a construct outside of all stacks, which makes no resources itself.
    """
    try:
        return _environment_of(stack_of(construct))
    except RuntimeError:  # the CDK's way to say that there is no stack
        return ("", "", path_of(Stage.of(construct) or root_of(construct)))


@asked_once
def _environment_of(stack: Stack) -> tuple[str, ...]:
    known = tuple("" if "${Token[" in place else place for place in (stack.account, stack.region))
    return (*known, "" if all(known) else path_of(Stage.of(stack) or root_of(stack)))


def _account_and_region(construct: Construct, environment: Environment | None) -> tuple[str, str]:
    """Return the account and Region of a construct's resources; empty if only the CLI knows them."""
    stage = Stage.of(construct)
    account = getattr(environment, "account", None) or getattr(stage, "account", None)
    region = getattr(environment, "region", None) or getattr(stage, "region", None)
    return account or "", region or ""


def _count(within: IConstruct, key: tuple[str, ...], more: int) -> int:
    counter = _census.setdefault(within, Counter())
    counter[key] += more
    return counter[key]
