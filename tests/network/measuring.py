"""Injects faults and measures both directions.

The limits in the tests are generous: on any machine, they distinguish a working design from one that waits for AWS's
timers. ``make bench-failover`` measures the exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.network.site import Site
from vpn_lab.network.measuring.outage import Meter, Outage

# a blackhole of the tunnel in use; AWS's own timers would need 30 s
STEERED_SECONDS = 3.0
# measure longer than that, so that an outage that never ends is too long
LEFT_SECONDS = 6
# the IKE SA is deleted, and comes back at once
REPLACED_SECONDS = 1.0
# the other device takes over: an election, and a call of the EC2 API
TAKEN_OVER_SECONDS = 6.0
# AWS's dead peer detection: every 10 s, and dead after 30
DETECTED_BY_AWS_SECONDS = 60.0

figures: list[str] = []
"""The measured values, for the summary at the end of the run."""


def measured(site: Site, seconds: int, fault: Callable[[], None], title: str) -> tuple[Outage, Outage]:
    """Break something while both directions are measured; return the outages IDC to AWS and AWS to IDC."""
    meter = Meter(site.network, site.idc, site.cloud, seconds)
    fault()
    result = meter.result()
    out, back = result[site.idc], result[site.cloud]
    figures.append(f"{site.stack}, {title}: IDC to AWS {_words(out)}; AWS to IDC {_words(back)}")
    return out, back


def _words(outage: Outage) -> str:
    return f"{outage.longest_gap_seconds:.2f} s, {outage.lost} of {outage.sent} packets lost"
