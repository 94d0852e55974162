"""How a customer gateway device tests its tunnels."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.checks.arguments import check_whole_number


@dataclass(frozen=True, kw_only=True)
class ProbeConfig:
    """How the device tests its tunnels: pings to AWS's inside address.

    Attributes:
        interval_milliseconds: Time between two pings, 100 to 5000. Default: 200.
        silence_milliseconds: A tunnel is dead when a ping and all that follow it are unanswered for this long, 300 to
            10000. Once an answer is late, the device pings every 10 ms. A path that suddenly becomes slower by up to
            this time is not considered dead; on a path that is always slow, the time is longer. Default: 550.
        recoveries: How many intervals in a row need an answer before the tunnel is used again, 1 to 200. Default: 15.
    """

    interval_milliseconds: int = 200
    silence_milliseconds: int = 550
    recoveries: int = 15

    def __post_init__(self) -> None:
        check_whole_number("interval_milliseconds", self.interval_milliseconds, 100, 5000)
        check_whole_number("silence_milliseconds", self.silence_milliseconds, 300, 10000)
        check_whole_number("recoveries", self.recoveries, 1, 200)
