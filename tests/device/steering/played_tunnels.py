"""Tunnels whose answers the test decides, on a clock that jumps from one thing to do to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cgw_device.monitor import Monitor


class PlayedTunnel:
    """Stands in for a ``Prober``: takes probes and answers them."""

    interface_index = 7
    socket = None

    def __init__(self, clock: Callable[[], float]) -> None:
        self._answers = True
        # for each probe the seconds until its answer, or nothing if one of the two is lost
        self.path: Callable[[], float | None] = lambda: 0.001
        self.sent = 0
        self._clock = clock
        self._coming: list[tuple[float, float]] = []

    def send(self, now: float) -> bool:
        self.sent += 1
        delay = self.path() if self.answers else None
        if delay is not None:
            self._coming.append((now + delay, now))
        return True

    def receive(self) -> list[float]:
        now = self._clock()
        arrived = sorted(one for one in self._coming if one[0] <= now)
        self._coming = [one for one in self._coming if one[0] > now]
        return [sent_at for _, sent_at in arrived]

    @property
    def answers(self) -> bool:
        """Whether it does; when not, also what is on its way is lost."""
        return self._answers

    @answers.setter
    def answers(self, answers: bool) -> None:
        self._answers = answers
        if not answers:
            self._coming.clear()

    @property
    def next_answer(self) -> float:
        return min((at for at, _ in self._coming), default=float("inf"))


class Time:
    """The clock of a monitor and its tunnels."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float, monitor: Monitor, tunnels: dict[int, Any]) -> None:
        end = self.now + seconds
        while (due := min(monitor.due, *(tunnel.next_answer for tunnel in tunnels.values()))) <= end:
            self.now = max(self.now, due)
            monitor.step()
        self.now = end
