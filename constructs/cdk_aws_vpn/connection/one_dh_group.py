"""The one Diffie-Hellman group of a tunnel that a :class:`~cdk_aws_vpn.CgwInstance` ends.

libreswan 4 renews the keys of phase 2 with the group of phase 1, whatever its configuration says about phase 2. It
also refuses a renewal that AWS begins with another group, instead of naming the right one. With one group in both
phases neither can happen.

Source: libreswan 4.12, ``ikev2_proposals.c`` and ``ikev2_create_child_sa.c``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions
from cdk_aws_vpn.errors import TunnelOptionsError

# The first of a profile's groups that stands here is taken. IKEv1 has no elliptic curves in libreswan's phase 2.
_PREFERRED = (20, 19, 21, 14, 15, 16, 17, 18)
_PREFERRED_WITH_IKEV1 = (14, 15, 16, 17, 18)


def with_one_dh_group(options: TunnelOptions, negotiation: Negotiation) -> Negotiation:
    """Return what a tunnel negotiates, limited to one group for both phases.

    A group that the caller chose must be the only one, and the same in both phases. Otherwise it is taken from the
    security profile: 20 if the profile has it, or 14 if the profile allows IKEv1.

    Args:
        options: What the caller chose.
        negotiation: The same, completed by the security profile.

    Raises:
        TunnelOptionsError: The caller chose several groups for a phase, or two phases that differ.
    """
    phase1 = _group("phase1_dh_group_numbers", options.phase1_dh_group_numbers, negotiation)
    phase2 = _group("phase2_dh_group_numbers", options.phase2_dh_group_numbers, negotiation)
    if phase1 != phase2:
        raise TunnelOptionsError(
            "phase2_dh_group_numbers",
            (phase2,),
            f"({phase1},) as in phase 1, for a tunnel of a CgwInstance: libreswan 4 renews the keys with that group",
            "name the same group in both phases",
        )
    return replace(negotiation, phase1_dh_group_numbers=(phase1,), phase2_dh_group_numbers=(phase1,))


def _group(prop: str, chosen: Sequence[int] | None, negotiation: Negotiation) -> int:
    supplied: tuple[int, ...] = getattr(negotiation, prop)
    if len(supplied) == 1:
        return supplied[0]
    if chosen is not None:
        raise TunnelOptionsError(
            prop,
            supplied,
            "one group for a tunnel of a CgwInstance, the same in both phases",
            "name one, for example (20,), or leave it out",
        )
    preferred = _PREFERRED_WITH_IKEV1 if "ikev1" in negotiation.ike_versions else _PREFERRED
    return next((group for group in preferred if group in supplied), supplied[0])
