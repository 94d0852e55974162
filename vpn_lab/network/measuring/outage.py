"""Measures for each direction separately how long no packet arrives.

Both hosts ping each other twenty times a second, and a capture on each records when the other's requests arrive.
Replies do not count: a missing reply would not show which direction is broken.
"""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from vpn_lab.network.measuring.capture import Capture
from vpn_lab.network.network import Network

INTERVAL_SECONDS = 0.05
# this many seconds without an arrival at the end of a measurement are not jitter of a busy machine
UNRESTORED_SECONDS = 0.5
ARRIVAL = re.compile(r"^(?P<time>\d+\.\d+) .*ICMP echo request, id \d+, seq (?P<number>\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Outage:
    """One direction."""

    sent: int
    arrived: int
    longest_gap_seconds: float
    restored: bool = True
    """Whether the last packets arrived; if not, the outage lasted longer than the measurement."""

    @property
    def lost(self) -> int:
        return self.sent - self.arrived


class Meter:
    """Measures between two hosts for a fixed time, in which the caller breaks something."""

    def __init__(self, network: Network, near: str, far: str, seconds: int) -> None:
        self._network = network
        self._seconds = seconds
        self._addresses = {host: network.address(host) for host in (near, far)}
        self._pairs = ((near, far), (far, near))
        self._captures = [self._capture(*pair) for pair in self._pairs]
        for capture in self._captures:
            capture.wait()
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._pings: list[Future[str]] = [self._pool.submit(self._ping, *pair) for pair in self._pairs]

    def _capture(self, source: str, target: str) -> Capture:
        """Start a capture of what arrives; it ends after the pings, however long they take."""
        arrivals = f"icmp[0] == 8 and src {self._addresses[source]}"
        return Capture(self._network, target, arrivals, "-tt", longest_seconds=10 * self._seconds + 60)

    def _ping(self, source: str, target: str) -> str:
        # a count instead of a deadline: with a deadline, ping stops at the first "unreachable"
        count = str(int(self._seconds / INTERVAL_SECONDS))
        words = ["ping", "-q", "-n", "-i", str(INTERVAL_SECONDS), "-W", "1", "-c", count]
        words.append(self._addresses[target])
        return str(self._network.call(source, *words, seconds=2 * self._seconds + 60)["output"])

    def result(self) -> dict[str, Outage]:
        """Wait until the time is over; return each direction by its source."""
        sent = [int(text.result().split(" packets transmitted")[0].split()[-1]) for text in self._pings]
        self._pool.shutdown()
        found = {}
        for number, (source, _), capture in zip(sent, self._pairs, self._captures, strict=True):
            arrivals = {int(one["number"]): float(one["time"]) for one in ARRIVAL.finditer(capture.result())}
            found[source] = outage(number, arrivals, float(self._seconds))
        return found


def outage(sent: int, arrivals: dict[int, float], seconds: float) -> Outage:
    """Return the outage of one direction, from the arrival times by sequence number, which starts at 1.

    The missing numbers before the first and after the last arrival show how long nothing arrived there.
    """
    if not arrivals:
        return Outage(sent, 0, seconds, restored=False)
    times = sorted(arrivals.values())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    ends = [(min(arrivals) - 1) * INTERVAL_SECONDS, (sent - max(arrivals)) * INTERVAL_SECONDS]
    return Outage(sent, len(arrivals), max([*gaps, *ends]), restored=ends[1] < UNRESTORED_SECONDS)
