"""Recognises values that are known only later, without calling the CDK, so that pure Python code lets them pass.

There are two kinds. A **token** is known at deployment: the CDK encodes it as a string, a number or a list. A
**placeholder** is known at the next synthesis: ``Vpc.from_lookup`` and the other look-ups return one until the CLI has
filled ``cdk.context.json``. The CLI never deploys a template with a placeholder, it looks the value up and runs the
app again. So a placeholder must pass every check, and every computation goes on with a value that stands in for it.

Sources: the encoding of tokens and the placeholders of the look-ups in the source of ``aws-cdk-lib``; "Dynamic
references" in the CloudFormation user guide.
"""

from __future__ import annotations

import re
import struct
from typing import TypeVar

_Value = TypeVar("_Value")

_CDK_TOKEN = re.compile(r"\$\{Token\[[A-Za-z0-9:._-]+\]\}")
_LIST_TOKEN = re.compile(r"#\{Token\[[A-Za-z0-9:._-]+\]\}")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[a-z-]+:[^\s{}'\"`\\$;|&<>]+\}\}")
_AROUND_TOKENS = re.compile(r"[A-Za-z0-9._:/@,=+-]*")
"""What may stand before, between and after tokens: no space, quote or line break, which no value here has."""

_NUMBER_TOKEN = 0xFBFF
"""The first 16 bits of a double that stands for a number token; the other 48 are its position in a list."""

LOOKED_UP_TEXT = "dummy-value-for-"
"""What the placeholder of a parameter in Systems Manager begins with; its name follows."""

LOOKED_UP_VPC = "vpc-12345"
"""The placeholder of the id of a VPC."""

_LOOKED_UP = frozenset(
    {
        "1.2.3.4/5",
        LOOKED_UP_VPC,
        *("s-12345", "s-67890", "p-12345", "p-67890"),
        *("rtb-12345s", "rtb-67890s", "rtb-12345p", "rtb-57890p"),
        *("dummy1a", "dummy1b", "dummy1c"),
        "sg-12345678",
        "ami-1234",
    }
)
"""The placeholders of the networks, subnets, route tables and zones of a VPC, of a security group, and of an image."""


def is_token(value: object) -> bool:
    """Tell whether ``value`` is, or contains, something that is known only later: a token, or a placeholder.

    Args:
        value: A string, a number or a list of them, as a construct's property takes it.
    """
    if isinstance(value, str):
        return _is_text_token(value) or is_placeholder(value)
    if isinstance(value, (list, tuple)):
        return is_list_token(value) or any(is_token(item) for item in value)
    return is_number_token(value)


def is_text_token(value: object) -> bool:
    """Tell whether ``value`` is a text that is, or contains, something that is known only later."""
    return isinstance(value, str) and is_token(value)


def is_number_token(value: object) -> bool:
    """Tell whether ``value`` is a number that is known only at deployment."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        (bits,) = struct.unpack(">Q", struct.pack(">d", float(value)))
    except OverflowError:  # a whole number that no double can hold
        return False
    return bool(bits >> 48 == _NUMBER_TOKEN)


def is_list_token(value: object) -> bool:
    """Tell whether ``value`` is a list that is known only at deployment, even in its length."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return any(isinstance(item, str) and _LIST_TOKEN.search(item) for item in items)


def is_placeholder(value: object) -> bool:
    """Tell whether ``value`` is, or contains, what a look-up returns until the CLI has filled ``cdk.context.json``."""
    if isinstance(value, (list, tuple)):
        return any(is_placeholder(item) for item in value)
    return isinstance(value, str) and (value in _LOOKED_UP or LOOKED_UP_TEXT in value)


def stand_in(value: _Value, instead: _Value) -> _Value:
    """Return ``value``; for a placeholder, ``instead``, with which a computation can go on."""
    return instead if is_placeholder(value) else value


def _is_text_token(value: str) -> bool:
    without, number = _CDK_TOKEN.subn("0", value)
    # a dynamic reference may contain tokens, such as the ARN of a secret
    without, references = _DYNAMIC_REFERENCE.subn("", without)
    return number + references > 0 and _AROUND_TOKENS.fullmatch(without) is not None
