"""Decides from answered and unanswered probes whether a tunnel works."""

from __future__ import annotations

from collections import deque

from cgw_device.rare_answers import RareAnswers

UNKNOWN = "unknown"
ALIVE = "alive"
DEAD = "dead"

# An answer is overdue when it takes this much longer than answers usually take.
GRACE_SECONDS = 0.03
# While an answer is overdue, probes are sent this often: the loss of all of them proves more than the loss of one.
INSIST_SECONDS = 0.01
# At least so many probes must be lost. With one packet in five lost each way, 64 % of the probes are answered, and all
# of fifteen are lost once in five million times. It also covers a monitor that could not run for a while.
FEWEST_LOST = 15
# Probes must have been sent for so long, in addition to the time that an answer takes: as many as on a fast path.
LOSSES_SECONDS = 0.2
# The same for a tunnel that answers rarely, which is not asked more often.
FEWEST_RARE = 3
# A dead tunnel that has begun to answer is probed this often, so that single losses do not delay its return.
RECOVERING_SECONDS = 0.025
# So many rounds in a row with an answer show that AWS's end no longer answers rarely: one minute.
OFTEN_ROUNDS = 300
_REMEMBERED = 256


class RoundTrip:
    """How long answers take: the smoothed time and its deviation, as in RFC 6298."""

    def __init__(self) -> None:
        self._smoothed = 0.0
        self._deviation = 0.0
        self._known = False

    def note(self, seconds: float) -> None:
        """Include one more answer."""
        if not self._known:
            self._smoothed, self._deviation, self._known = seconds, seconds / 2, True
            return
        self._deviation += (abs(self._smoothed - seconds) - self._deviation) / 4
        self._smoothed += (seconds - self._smoothed) / 8

    @property
    def longest(self) -> float:
        """A time that almost no answer exceeds, in seconds."""
        return self._smoothed + 4 * self._deviation


class TunnelHealth:
    """The health of one tunnel.

    It is dead when all probes sent since the last answered one have been unanswered for ``silence_seconds``. That is
    long enough for a path to become slower suddenly; on a path that is always slow, the time is longer.

    A tunnel that has never answered stays ``unknown``, however many probes are lost: AWS's end may not answer pings at
    all, and then its silence proves nothing.

    A tunnel may be alive although AWS's end answers only some pings, because it limits their rate. Such a tunnel is
    dead only after a longer silence, its ``patience_seconds``. See :class:`RareAnswers`.
    """

    def __init__(
        self, silence_seconds: float, recoveries: int, state: str = UNKNOWN, patience_seconds: float = 0.0
    ) -> None:
        self.state = state
        self.patience_seconds = patience_seconds
        """How long it may be silent because AWS's end answers rarely; 0 if it answers as often as it is asked."""
        self._rare = RareAnswers()
        self._silence = silence_seconds
        self._recoveries = recoveries
        self._round_trip = RoundTrip()
        # when each probe after the last answered one was sent
        self._unanswered: deque[float] = deque(maxlen=_REMEMBERED)
        self._insists_since: float | None = None
        self._last_sent = 0.0
        self._in_a_row = 0
        self._answers = False

    def sent(self, now: float) -> None:
        """Note a probe, even if the interface did not accept it."""
        if self.insist_at <= now and self._insists_since is None:
            self._insists_since = now
        if len(self._unanswered) < _REMEMBERED:
            self._unanswered.append(now)
        self._last_sent = now
        if self._rare.is_slow:
            self._rare.sent(now)

    def answered(self, now: float, sent_at: float) -> None:
        """Note an answer to the probe that was sent at ``sent_at``."""
        self._round_trip.note(now - sent_at)
        while self._unanswered and self._unanswered[0] <= sent_at:
            self._unanswered.popleft()
        if not self._unanswered or now < self._overdue_at:
            self._insists_since = None
        self._answers = True
        if self.state == DEAD:
            self._rare.heard(now, sent_at)
        if self.state == UNKNOWN:
            self._enter(ALIVE)

    def round(self) -> None:
        """End a round: after enough rounds in a row with an answer, a dead tunnel is alive again."""
        if self.state == DEAD:
            self._in_a_row = self._in_a_row + 1 if self._answers else 0
            if self._in_a_row >= self._recoveries:
                self._enter(ALIVE)
        elif self.patience_seconds:
            self._in_a_row = self._in_a_row + 1 if self._answers else 0
            if self._in_a_row >= OFTEN_ROUNDS:
                self.patience_seconds = 0.0
                self._enter(self.state)
        self._answers = False

    def evaluate(self, now: float) -> None:
        """Find out whether the tunnel has just died, or whether a dead one only answers rarely."""
        if self.state == DEAD:
            patience = self._rare.judge(now)
            if patience is not None:
                self.patience_seconds = patience
                self._enter(ALIVE)
            return
        if self.patience_seconds:
            silent = len(self._unanswered) >= FEWEST_RARE and now - self._unanswered[0] >= self.patience_seconds
            if self.state == ALIVE and silent:
                self._enter(DEAD)
            return
        if self.state != ALIVE or self._insists_since is None or len(self._unanswered) < FEWEST_LOST:
            return
        # counted from the first of the frequent probes: enough of them must have had time to be answered, even if the
        # path has just become slower
        since = max(self._insists_since, self._unanswered[0])
        if now - since >= max(self._silence - GRACE_SECONDS, LOSSES_SECONDS + self._round_trip.longest):
            self._enter(DEAD)

    @property
    def insist_at(self) -> float:
        """When to send one more probe, in addition to the one of each round; ``inf`` if none is needed."""
        if self._rare.is_slow:
            return self._rare.next_at
        if self.state == ALIVE and self._unanswered and not self.patience_seconds:
            return max(self._overdue_at, self._last_sent + INSIST_SECONDS)
        if self.state == DEAD and self._in_a_row:
            return self._last_sent + RECOVERING_SECONDS
        return float("inf")

    def is_due(self, now: float, *, everywhere: bool) -> bool:
        """Whether to send a probe now.

        Args:
            now: The time.
            everywhere: Whether a round begins, in which each tunnel gets one; but not one that is asked slowly.
        """
        return self.insist_at <= now or (everywhere and not self._rare.is_slow)

    def forget(self) -> None:
        """Return to ``unknown``: the tunnel was taken down intentionally."""
        self._enter(UNKNOWN)

    @property
    def _overdue_at(self) -> float:
        return self._unanswered[0] + self._round_trip.longest + GRACE_SECONDS

    def _enter(self, state: str) -> None:
        self.state = state
        self._in_a_row = 0
        self._insists_since = None
        self._unanswered.clear()
        self._rare.reset()


def all_dead(states: list[str]) -> bool:
    """Return whether a tunnel has worked before and none works now."""
    return DEAD in states and ALIVE not in states


def choose(current: int, states: dict[int, str]) -> int:
    """Return the number of the tunnel to send through.

    The current one stays unless it is dead and another is better. There is no reason to move back when a tunnel
    recovers, and moving could lose packets in flight.
    """
    if states.get(current) != DEAD and current in states:
        return current
    order = {ALIVE: 0, UNKNOWN: 1, DEAD: 2}
    return min(states, key=lambda number: (order[states[number]], number != current, number))
