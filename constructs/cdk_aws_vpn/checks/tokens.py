"""Recognises CDK tokens without calling the CDK, so that pure Python code can let them pass unchecked."""

from __future__ import annotations

_SMALLEST_ENCODED_NUMBER = -1.8881545897087626e289
"""The CDK encodes a number that is not known yet as a float below this one."""


def is_token(value: object) -> bool:
    """Tell whether ``value`` is, or contains, something that is known only at deployment.

    Args:
        value: A string, a number or a list of strings, as a construct's property takes it.
    """
    if isinstance(value, str):
        return "${Token[" in value or "{{resolve:" in value
    if isinstance(value, (list, tuple)):
        return any("#{Token[" in item or is_token(item) for item in value if isinstance(item, str))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value <= _SMALLEST_ENCODED_NUMBER
    return False
