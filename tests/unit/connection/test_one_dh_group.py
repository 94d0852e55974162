"""A tunnel of a CgwInstance allows one Diffie-Hellman group, the same in both phases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cdk_aws_vpn.connection.one_dh_group import with_one_dh_group
from cdk_aws_vpn.connection.security_profile import CNSA, COMPATIBILITY, RECOMMENDED, SecurityProfile
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions
from cdk_aws_vpn.errors import TunnelOptionsError

ONLY_MODULAR = replace(RECOMMENDED, name="modular", dh_group_numbers=(16, 15))


def groups(profile: SecurityProfile, **options: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    chosen = TunnelOptions(**options)
    made = with_one_dh_group(chosen, chosen.negotiation(profile))
    return made.phase1_dh_group_numbers, made.phase2_dh_group_numbers


@pytest.mark.parametrize(("profile", "group"), [(RECOMMENDED, 20), (CNSA, 20), (COMPATIBILITY, 14), (ONLY_MODULAR, 15)])
def test_a_profile_is_narrowed_to_one_group(profile: SecurityProfile, group: int) -> None:
    assert groups(profile) == ((group,), (group,))


def test_a_group_of_ones_own_is_kept_when_both_phases_have_it() -> None:
    assert groups(RECOMMENDED, phase1_dh_group_numbers=(21,), phase2_dh_group_numbers=(21,)) == ((21,), (21,))
    assert groups(RECOMMENDED, phase1_dh_group_numbers=(20,)) == ((20,), (20,))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"phase1_dh_group_numbers": (14,), "phase2_dh_group_numbers": (20,)},
            r"phase2_dh_group_numbers \(20,\) .*\(14,\) as in phase 1.*same group in both",
        ),
        ({"phase1_dh_group_numbers": (14,)}, r"phase2_dh_group_numbers \(20,\) .*\(14,\) as in phase 1"),
        ({"phase2_dh_group_numbers": (19,)}, r"phase2_dh_group_numbers \(19,\) .*\(20,\) as in phase 1"),
        ({"phase1_dh_group_numbers": (19, 20)}, r"phase1_dh_group_numbers \(19, 20\) .*one group"),
        (
            {"phase1_dh_group_numbers": (20,), "phase2_dh_group_numbers": (20, 21)},
            r"phase2_dh_group_numbers \(20, 21\) .*one group",
        ),
    ],
)
def test_several_groups_and_two_that_differ_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TunnelOptionsError, match=message):
        groups(RECOMMENDED, **options)
