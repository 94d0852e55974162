"""Decides from answered and unanswered probes whether a tunnel works."""

from __future__ import annotations

UNKNOWN = "unknown"
ALIVE = "alive"
DEAD = "dead"

# for how many answered rounds a tunnel that has missed one is still suspected
DOUBTFUL_ROUNDS = 30


class TunnelHealth:
    """The health of one tunnel.

    A tunnel whose far end never answered stays ``unknown``, however many probes are lost: perhaps that end answers
    no pings at all, and then its silence says nothing.
    """

    def __init__(self, failures: int, recoveries: int, state: str = UNKNOWN) -> None:
        self.state = state
        self._failures = failures
        self._recoveries = recoveries
        self._in_a_row = 0
        self._doubts = 0

    def answered(self) -> None:
        """Note that the last probe was answered."""
        if self.state == DEAD:
            self._in_a_row += 1
            if self._in_a_row < self._recoveries:
                return
        self._doubts = max(0, self._doubts - 1)
        self._enter(ALIVE)

    def missed(self) -> None:
        """Note that the last probe was not answered."""
        if self.state == ALIVE:
            self._in_a_row += 1
            self._doubts = DOUBTFUL_ROUNDS
            if self._in_a_row >= self._failures:
                self._enter(DEAD)
        else:
            self._in_a_row = 0

    @property
    def is_suspect(self) -> bool:
        """Whether a tunnel that works owes an answer, or did so lately: a lossy path is watched closely throughout."""
        return self.state == ALIVE and self._doubts > 0

    def forget(self) -> None:
        """Return to ``unknown``: the tunnel was taken down on purpose."""
        self._enter(UNKNOWN)

    def _enter(self, state: str) -> None:
        self.state = state
        self._in_a_row = 0


def all_dead(states: list[str]) -> bool:
    """Tell whether a tunnel has worked, and none does."""
    return DEAD in states and ALIVE not in states


def choose(current: int, states: dict[int, str]) -> int:
    """Return the number of the tunnel to send through.

    The current one stays unless it is dead and another is better: there is no reason to move back when a tunnel
    recovers, and a reason not to, which is the packets in flight.
    """
    if states.get(current) != DEAD and current in states:
        return current
    order = {ALIVE: 0, UNKNOWN: 1, DEAD: 2}
    return min(states, key=lambda number: (order[states[number]], number != current, number))
