"""How the two ends of a VPN connection learn each other's networks: static routes or BGP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdk_aws_vpn.checks.addressing import check_prefixes


@dataclass(frozen=True)
class Bgp:
    """The ends speak BGP over each tunnel: each end learns the networks that the other one announces.

    Amazon holds a session for 30 s without a keepalive and sends one every 10 s.
    """


@dataclass(frozen=True)
class Static:
    """AWS sends the networks ``prefixes`` through the connection.

    AWS chooses one tunnel at a time, and leaves it only when dead peer detection finds it dead.

    Args:
        prefixes: One or more IPv4 networks behind the customer gateway.

    Raises:
        AddressingError: The list is empty, or an entry is not a network or is repeated.
    """

    prefixes: tuple[str, ...]

    def __init__(self, prefixes: Sequence[str]) -> None:
        object.__setattr__(self, "prefixes", check_prefixes("prefixes", prefixes))


Routing = Bgp | Static
"""What ``VpnConnection(routing=…)`` takes."""
