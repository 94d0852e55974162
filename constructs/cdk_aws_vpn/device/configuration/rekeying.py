"""When the device renews the keys of a tunnel: always before AWS may begin.

If both ends began at the same moment, libreswan 4.12 could lose the tunnel. IKEv2 does not negotiate lifetimes, so each
end has its own. The device's are shorter: AWS gets new security associations, and starts to count again, before its
own time has come.

AWS renews the keys within its margin before the end of the lifetime; its documents leave open whether the fuzz makes
that window longer or shorter. So the window is taken at its longest: margin x (1 + fuzz).

Sources: "Tunnel options for your AWS Site-to-Site VPN connection"; ``ipsec.conf(5)`` of libreswan 4 for ``rekeymargin``
and ``rekeyfuzz``; amazonlinux/amazon-linux-2023 issue 1121 for the simultaneous renewal.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.errors import TunnelOptionsError

MARGIN_SECONDS = 60
"""The latest moment at which the device begins, before the end of its own lifetimes. With a lost packet it repeats
its request for as long as that."""
FUZZ_PERCENTAGE = 100
"""The device begins up to twice as early, so that several tunnels do not renew their keys together."""
APART_SECONDS = 30
"""Time between the end of the device's lifetimes and the first moment at which AWS may begin."""
SHORTEST_SECONDS = 240
"""The shortest lifetime of the device: more than its margin and its fuzz."""


@dataclass(frozen=True, kw_only=True)
class DeviceRekeying:
    """The device's own lifetimes, and how long before their end it begins to renew its keys."""

    ike_lifetime_seconds: int
    sa_lifetime_seconds: int
    margin_seconds: int = MARGIN_SECONDS
    fuzz_percentage: int = FUZZ_PERCENTAGE


def aws_window_seconds(negotiation: Negotiation) -> int:
    """Return how long before the end of a lifetime AWS may begin to renew the keys, at the earliest."""
    window = negotiation.rekey_margin_time_seconds * (100 + negotiation.rekey_fuzz_percentage)
    return -(-window // 100)


def device_rekeying(negotiation: Negotiation) -> DeviceRekeying:
    """Return lifetimes that end before AWS may begin."""
    earlier = aws_window_seconds(negotiation) + APART_SECONDS
    return DeviceRekeying(
        ike_lifetime_seconds=negotiation.phase1_lifetime_seconds - earlier,
        sa_lifetime_seconds=negotiation.phase2_lifetime_seconds - earlier,
    )


def check_rekeying(negotiation: Negotiation) -> None:
    """Check that the device has time to renew its keys before AWS begins.

    Raises:
        TunnelOptionsError: AWS may begin too soon after the last renewal.
    """
    longest = negotiation.phase2_lifetime_seconds - APART_SECONDS - SHORTEST_SECONDS
    if aws_window_seconds(negotiation) > longest:
        raise TunnelOptionsError(
            "rekey_margin_time_seconds",
            negotiation.rekey_margin_time_seconds,
            f"margin x (100 + rekey_fuzz_percentage) / 100 of at most {longest} seconds on a CgwInstance, so that the "
            f"device renews its keys before AWS; the fuzz is {negotiation.rekey_fuzz_percentage}",
            "shorten the margin or the fuzz, or lengthen phase2_lifetime_seconds",
        )
