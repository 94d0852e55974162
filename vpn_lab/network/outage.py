"""Measures, for each direction on its own, how long no packet arrives.

Both hosts ping each other twenty times a second, and a capture on each notes when the other's requests arrive. Answers
do not count: their absence would not tell which way was broken.
"""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from vpn_lab.network.network import Network

INTERVAL_SECONDS = 0.05
# so many seconds without an arrival at the end of a watch are no jitter of a busy machine
UNRESTORED_SECONDS = 0.5
ARRIVAL = re.compile(r"^(?P<time>\d+\.\d+) .*ICMP echo request, id \d+, seq (?P<number>\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Outage:
    """One direction."""

    sent: int
    arrived: int
    longest_gap_seconds: float
    restored: bool = True
    """Whether the last packets arrived: if not, the outage lasted longer than the watch."""

    @property
    def lost(self) -> int:
        return self.sent - self.arrived


class Meter:
    """Watches two hosts for a fixed time; use the time to break something."""

    def __init__(self, network: Network, near: str, far: str, seconds: int) -> None:
        self._network = network
        self._seconds = seconds
        self._addresses = {host: network.address(host) for host in (near, far)}
        # nodes without a system of their own share the machine's files
        self._files = {host: f"/run/arrivals-{network.node(host)}" for host in (near, far)}
        self._pairs = ((near, far), (far, near))
        self._captures = [self._capture(*pair) for pair in self._pairs]
        for host in (near, far):
            network.wait(partial(self._listens, host), 20, f"the capture on {host}")
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._pings: list[Future[str]] = [self._pool.submit(self._ping, *pair) for pair in self._pairs]

    def _capture(self, source: str, target: str) -> int:
        """Start a capture that is ended when the pings are, however long they take; return its process id."""
        words = f"tcpdump -n -tt -l -i any 'icmp[0] == 8 and src {self._addresses[source]}'"
        command = f"timeout {10 * self._seconds + 60} {words} >{self._files[target]} 2>&1 &"
        return int(self._network.run(target, "sh", "-c", f"{command} echo $!"))

    def _listens(self, host: str, _: Network) -> bool:
        # a packet socket shows that tcpdump has opened its interface
        return bool(self._network.call(host, "cat", "/proc/net/packet")["output"].splitlines()[1:])

    def _ping(self, source: str, target: str) -> str:
        # by number: told a time, ping would stop at the first "unreachable"
        count = str(int(self._seconds / INTERVAL_SECONDS))
        words = ["ping", "-q", "-n", "-i", str(INTERVAL_SECONDS), "-W", "1", "-c", count]
        words.append(self._addresses[target])
        return str(self._network.call(source, *words, seconds=2 * self._seconds + 60)["output"])

    def result(self) -> dict[str, Outage]:
        """Wait until the time is over; return each direction by its source."""
        sent = [int(text.result().split(" packets transmitted")[0].split()[-1]) for text in self._pings]
        self._pool.shutdown()
        found = {}
        for number, (source, target), process in zip(sent, self._pairs, self._captures, strict=True):
            captured = self._end(process, target)
            arrivals = {int(one["number"]): float(one["time"]) for one in ARRIVAL.finditer(captured)}
            found[source] = outage(number, arrivals, float(self._seconds))
        return found

    def _end(self, process: int, target: str) -> str:
        """End a capture and return what it saw."""
        self._network.call(target, "kill", str(process))
        self._network.wait(
            lambda one: bool(one.call(target, "kill", "-0", str(process))["code"]),
            20,
            f"the capture on {target} to end",
        )
        return self._network.run(target, "sh", "-c", f"cat {self._files[target]}; rm {self._files[target]}")


def outage(sent: int, arrivals: dict[int, float], seconds: float) -> Outage:
    """Return what the arrivals, time by number from 1, say of one direction that was watched for some seconds.

    Before the first and after the last arrival the numbers that are missing tell how long nothing came.
    """
    if not arrivals:
        return Outage(sent, 0, seconds, restored=False)
    times = sorted(arrivals.values())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    ends = [(min(arrivals) - 1) * INTERVAL_SECONDS, (sent - max(arrivals)) * INTERVAL_SECONDS]
    return Outage(sent, len(arrivals), max([*gaps, *ends]), restored=ends[1] < UNRESTORED_SECONDS)
