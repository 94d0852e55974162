"""What may stand in the user-data: it is a script, and no value may end a line or a quotation in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from cdk_aws_vpn.checks.tokens import is_placeholder, is_token
from cdk_aws_vpn.errors import VpnConfigurationError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_PLAIN = re.compile(r"[A-Za-z0-9._:/@,=+#-]*")
_URL = re.compile(r"[A-Za-z0-9._:/@,=+#?&%~-]*")
"""A URL with a query, which stands in single quotes."""


def check_host_name(prop: str, value: object) -> None:
    """Check that ``value`` can be the host name of a device; None is no name.

    Raises:
        VpnConfigurationError: It has other characters, or too many.
    """
    if value is None or is_placeholder(value):
        return
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise VpnConfigurationError(
            prop, value, "1 to 63 of A-Z a-z 0-9 . _ -, as a host name", "choose a shorter, plainer name"
        )


def check_plain_texts(config: object) -> None:
    """Check that each text of the settings of a device is a token, or has no character that a shell reads.

    Args:
        config: The settings, which contain others.

    Raises:
        VpnConfigurationError: A text has a space, a quotation mark, a line break or the like.
    """
    for name, text in _texts("", config):
        allowed = _URL if name == "signal_url" else _PLAIN
        if not is_token(text) and not allowed.fullmatch(text):
            raise VpnConfigurationError(
                name,
                text,
                "letters, digits and . _ : / @ , = + # -, since it becomes part of a script",
                "remove every other character",
            )


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(name, each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(field.name, getattr(value, field.name))
