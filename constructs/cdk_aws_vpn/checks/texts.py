"""Texts that a caller writes: names, descriptions, lists of values.

Sources: "Tag your Amazon EC2 resources" (256 characters); "CreateCustomerGateway" (device name, 255 characters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import VpnConfigurationError

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
NAME_LENGTH = 256
DESCRIPTION_LENGTH = 255


def check_text(
    prop: str,
    value: object,
    longest: int = DESCRIPTION_LENGTH,
    *,
    error: type[VpnConfigurationError] = VpnConfigurationError,
) -> None:
    """Check that ``value`` is a token, or a text of one line with at most ``longest`` characters."""
    if isinstance(value, str) and (is_token(value) or (0 < len(value) <= longest and not _CONTROL.search(value))):
        return
    raise error(
        prop, value, f"a text of 1 to {longest} characters in one line", "write such a text, or leave the argument out"
    )


def check_name(prop: str, value: object) -> None:
    """Check that ``value`` can be a Name tag: a text of 1 to 256 characters in one line. None is no name."""
    if value is not None:
        check_text(prop, value, NAME_LENGTH)


def check_list(
    prop: str,
    value: object,
    allowed: str,
    remedy: str,
    *,
    least: int = 0,
    most: int | None = None,
    error: type[VpnConfigurationError] = VpnConfigurationError,
) -> Sequence[Any]:
    """Check that ``value`` is a list or a tuple, and return it.

    A set has no order, a generator can be read only once, and a text would be a list of its characters.

    Args:
        prop: The name of the argument.
        value: What the caller wrote.
        allowed: What the list may contain, for the error.
        remedy: What to do, for the error.
        least: The smallest number of elements.
        most: The largest number of elements; None for no limit.
        error: The error to raise.
    """
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)
    if not listed or len(value) < least or (most is not None and len(value) > most):  # type: ignore[arg-type]
        raise error(prop, value, allowed, remedy)
    return value  # type: ignore[return-value]
