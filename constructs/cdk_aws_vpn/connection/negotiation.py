"""What a tunnel negotiates: the one list of these values, their ranges, and how they limit each other.

:class:`~cdk_aws_vpn.TunnelOptions` lets a caller choose some of them. The template and the device both take the
result from here.

Source of every range: "Tunnel options for your AWS Site-to-Site VPN connection" and the API reference of
``VpnTunnelOptionsSpecification``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from cdk_aws_vpn.checks.arguments import check_choices, check_whole_number
from cdk_aws_vpn.checks.tokens import is_token, stand_in
from cdk_aws_vpn.connection.security_profile import RECOMMENDED, SecurityProfile
from cdk_aws_vpn.errors import TunnelOptionsError

_IKE_VERSIONS = ("ikev1", "ikev2")
_ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
_INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
_PHASE1_GROUPS = (2, *range(14, 25))
_PHASE2_GROUPS = (2, 5, *range(14, 25))


def _some_of(*allowed: str | int) -> Any:
    return field(metadata={"check": partial(check_choices, allowed=allowed, error=TunnelOptionsError)})


def _number(low: int, high: int, unit: str) -> Any:
    check = partial(check_whole_number, low=low, high=high, unit=unit, known_later=True, error=TunnelOptionsError)
    return field(metadata={"check": check})


@dataclass(frozen=True, kw_only=True)
class Negotiation:
    """What one tunnel negotiates, complete and with AWS's names.

    See :class:`~cdk_aws_vpn.TunnelOptions` for what each value means.

    Raises:
        TunnelOptionsError: A value is out of range, or two values exclude each other.
    """

    ike_versions: tuple[str, ...] = _some_of(*_IKE_VERSIONS)
    phase1_encryption_algorithms: tuple[str, ...] = _some_of(*_ENCRYPTION)
    phase1_integrity_algorithms: tuple[str, ...] = _some_of(*_INTEGRITY)
    phase1_dh_group_numbers: tuple[int, ...] = _some_of(*_PHASE1_GROUPS)
    phase1_lifetime_seconds: int = _number(900, 28800, "seconds")
    phase2_encryption_algorithms: tuple[str, ...] = _some_of(*_ENCRYPTION)
    phase2_integrity_algorithms: tuple[str, ...] = _some_of(*_INTEGRITY)
    phase2_dh_group_numbers: tuple[int, ...] = _some_of(*_PHASE2_GROUPS)
    phase2_lifetime_seconds: int = _number(900, 3600, "seconds")
    rekey_margin_time_seconds: int = _number(60, 1800, "seconds")
    rekey_fuzz_percentage: int = _number(0, 100, "per cent")
    replay_window_size: int = _number(64, 2048, "packets")
    dpd_timeout_seconds: int = _number(30, 2**31 - 1, "seconds")

    def __post_init__(self) -> None:
        check_negotiation(self.values())

    def values(self) -> dict[str, Any]:
        """Return the values by their names."""
        return {name: getattr(self, name) for name in NEGOTIATED}


NEGOTIATED = tuple(field.name for field in fields(Negotiation))
"""The names of what is negotiated."""
_CHECKS: dict[str, partial[None]] = {each.name: each.metadata["check"] for each in fields(Negotiation)}


def in_order_of_choice(name: str, values: Sequence[Any]) -> list[Any]:
    """Return a list of what a tunnel negotiates in the order of AWS's documents.

    AWS treats such a list as a set. In an order of its own, CloudFormation sees no change when the caller's changes.

    Args:
        name: Name of the list, such as ``phase1_dh_group_numbers``.
        values: Its values.
    """
    choice = list(_CHECKS[name].keywords["allowed"])
    return sorted(values, key=lambda value: choice.index(value) if value in choice else len(choice))


_NUMBERS = tuple(name for name in NEGOTIATED if name.endswith(("_seconds", "_percentage", "_size")))
"""What has a default of AWS's and not of a security profile, so that None is no value."""


def check_negotiation(values: Mapping[str, Any]) -> None:
    """Check what is negotiated, each value by itself and the times against each other.

    Args:
        values: The values by their names. None stands for a list that the security profile supplies.

    Raises:
        TunnelOptionsError: A value is out of range, or two values exclude each other.
    """
    for name, check in _CHECKS.items():
        if values[name] is not None or name in _NUMBERS:
            check(name, values[name])
    _check_rekeying(values["phase1_lifetime_seconds"], values["phase2_lifetime_seconds"], values)


def _check_rekeying(phase1: int, phase2: int, values: Mapping[str, Any]) -> None:
    if not is_token(phase1) and phase2 >= phase1:
        raise TunnelOptionsError(
            "phase2_lifetime_seconds",
            phase2,
            f"less than phase1_lifetime_seconds, which is {phase1}",
            "shorten phase 2 or lengthen phase 1",
        )
    margin, longest = values["rekey_margin_time_seconds"], phase2 // 2
    if not is_token(phase2) and margin > longest:
        raise TunnelOptionsError(
            "rekey_margin_time_seconds",
            margin,
            f"60 to {longest}, half of phase2_lifetime_seconds",
            "shorten the margin or lengthen phase 2",
        )


def complete_negotiation(values: Mapping[str, Any], profile: SecurityProfile) -> Negotiation:
    """Return ``values`` with every list that is None taken from ``profile``, which has one list for both phases.

    A list that is still being looked up is replaced by another one, so that a device can be configured with it.

    Raises:
        TunnelOptionsError: A list of the profile contains a value that AWS does not support.
    """

    def supplied(name: str) -> Any:
        of_both_phases = name.removeprefix("phase1_").removeprefix("phase2_")
        return stand_in(getattr(profile, of_both_phases), getattr(RECOMMENDED, of_both_phases))

    known = {name: stand_in(value, None) for name, value in values.items()}
    return Negotiation(**{name: supplied(name) if value is None else value for name, value in known.items()})
