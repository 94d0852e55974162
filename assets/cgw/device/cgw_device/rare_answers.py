"""Finds out whether AWS's end answers every ping that comes slowly enough, although not every ping."""

from __future__ import annotations

# So long a dead tunnel may answer some probes, and never enough in a row, before it is asked less often.
SOME_SECONDS = 10.0
# The pauses between two slow probes, one after the other: a limit is found with the first that is long enough.
PAUSES_SECONDS = (1.0, 2.0, 5.0)
# So many slow probes in a row must be answered. A path that loses nine in ten packets is taken for a limit once in
# 100,000 times. One that loses every second packet is not asked slowly: of the probes of each round, one is answered.
ANSWERS = 5
# A tunnel whose far end answers once per pause is dead when it has been silent for so many pauses.
SILENT_PAUSES = 3


class RareAnswers:
    """Slow probes of one dead tunnel. Loss takes its share of slow probes too, and a limit does not."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin again, with probes as often as usual."""
        self._some_since: float | None = None
        self._heard_at = 0.0
        self._pause = -1
        self._sent_at: float | None = None
        self._answered = False
        self._hits = 0
        self.next_at = float("inf")
        """When the next slow probe is due; ``inf`` while the tunnel is probed as usual."""

    @property
    def is_slow(self) -> bool:
        """Whether the tunnel is asked less often than usual."""
        return self._pause >= 0

    def heard(self, now: float, sent_at: float) -> None:
        """Note an answer."""
        self._heard_at = now
        if self._some_since is None:
            self._some_since = now
        if sent_at == self._sent_at:
            self._answered = True

    def sent(self, now: float) -> None:
        """Note a slow probe."""
        self._sent_at, self._answered = now, False
        self.next_at = now + PAUSES_SECONDS[self._pause]

    def judge(self, now: float) -> float | None:
        """Return how long a silence this tunnel may have, once slow probes have shown it; None until then."""
        if not self.is_slow:
            if self._some_since is not None and now - self._some_since >= SOME_SECONDS:
                self._slow_down(now)
        elif now >= self.next_at and self._sent_at is not None:
            self._hits = self._hits + 1 if self._answered else 0
            if self._hits >= ANSWERS:
                return SILENT_PAUSES * PAUSES_SECONDS[self._pause]
            if not self._answered:
                self._slow_down(now)
        return None

    def _slow_down(self, now: float) -> None:
        if self._pause + 1 >= len(PAUSES_SECONDS) or now - self._heard_at > PAUSES_SECONDS[-1]:
            self.reset()
            return
        self._pause += 1
        self._hits, self._sent_at = 0, None
        # what has been asked until now may have used up what is answered
        self.next_at = now + PAUSES_SECONDS[self._pause]
