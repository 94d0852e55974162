"""Which error answers a wrong value of an option: found out by making the mistakes that the tests make."""

from __future__ import annotations

import traceback
from collections import defaultdict
from types import TracebackType

import cdk_aws_vpn
from tests.constructs.site import Site
from tests.constructs.test_bad_input import BAD

Errors = dict[tuple[str, str], tuple[str, ...]]
"""The names of the errors by the public name and its option."""


def errors_by_option() -> Errors:
    """Make every mistake of tests/constructs, and return which errors came of which option."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for bad in BAD:
        try:
            bad.write(Site())
        except cdk_aws_vpn.VpnConfigurationError as error:
            for owner in _owners(error.__traceback__):
                found[owner, error.property].add(type(error).__name__)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _owners(trace: TracebackType | None) -> set[str]:
    """The public classes and functions that were called when the error was raised."""
    owners = set()
    for frame, _ in traceback.walk_tb(trace):
        name = frame.f_code.co_name
        kind = type(frame.f_locals.get("self")).__name__
        owners.add(name if "self" not in frame.f_locals else kind)
    return owners & set(cdk_aws_vpn.__all__)
