"""The checks that the options of a tunnel are made of: a number, a choice, a list of choices, a key, a switch."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import TunnelOptionsError

__all__ = [
    "check_choice",
    "check_choice_of",
    "check_choices_of",
    "check_flag",
    "check_number_of",
    "check_pre_shared_key",
    "check_secret",
]

_PRE_SHARED_KEY = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")


def check_pre_shared_key(prop: str, value: str) -> str:
    """Check a pre-shared key against AWS's rules, before it is stored as a secret.

    Args:
        prop: What the error calls the key.
        value: The key: 8 to 64 letters, digits, periods and underscores, not starting with 0.

    Raises:
        TunnelOptionsError: The key breaks a rule. The message gives the key's length and never the key.
    """
    text = isinstance(value, str)
    if not text or not (is_token(value) or _PRE_SHARED_KEY.fullmatch(value)):
        raise TunnelOptionsError(
            prop,
            f"of {len(value)} characters" if text else type(value).__name__,
            "8 to 64 letters, digits, periods and underscores, the first one not 0",
            "let the connection generate the key, or store one that follows the rule in Secrets Manager",
        )
    return value


def check_secret(prop: str, value: object) -> None:
    if not hasattr(value, "secret_arn"):
        raise TunnelOptionsError(
            prop,
            f"of {len(value)} characters" if isinstance(value, str) else type(value).__name__,
            "a Secrets Manager secret (aws_secretsmanager.ISecret); a literal key would stand in the template",
            "store the key in Secrets Manager and pass Secret.from_secret_complete_arn(…)",
        )


def check_choice(prop: str, value: str, allowed: Collection[str]) -> None:
    if not is_token(value) and value not in allowed:
        raise TunnelOptionsError(prop, value, ", ".join(allowed), "choose one of these")


def check_choices_of(allowed: tuple[str, ...] | tuple[int, ...]) -> Callable[[str, object], None]:
    words = ", ".join(str(item) for item in allowed)

    def check(prop: str, value: object) -> None:
        if isinstance(value, str) or not isinstance(value, (tuple, list)) or not value:
            raise TunnelOptionsError(
                prop, value, f"a tuple of one or more of {words}", f"write it like ({allowed[-1]!r},)"
            )
        for item in value:
            if not is_token(item) and item not in allowed:
                raise TunnelOptionsError(prop, item, words, "remove it or choose another")
        if len(set(value)) != len(value):
            raise TunnelOptionsError(prop, value, "each value once", "remove the repeated value")

    return check


def check_number_of(minimum: int, maximum: int | None, unit: str) -> Callable[[str, object], None]:
    allowed = f"{minimum} to {maximum} {unit}" if maximum is not None else f"{minimum} {unit} or more"

    def check(prop: str, value: object) -> None:
        if is_token(value):
            return
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or value < minimum or (maximum is not None and value > maximum):  # type: ignore[operator]
            raise TunnelOptionsError(prop, value, f"a whole number, {allowed}", "choose a value in this range")

    return check


def check_flag(prop: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TunnelOptionsError(prop, value, "True or False", "write it without quotation marks")


def check_choice_of(allowed: tuple[str, ...]) -> Callable[[str, str], None]:
    return lambda prop, value: check_choice(prop, value, allowed)
