"""What the steering remembers of one tunnel: whether it was left, how often, and what was announced through it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cgw_device.health import ALIVE
from cgw_device.route_maps import NO_RANK

# AWS has received a longer path if the tunnel has not become dead for so long after the order: finding a dead tunnel
# takes up to 1 s, and the order some of the rest. If the tunnel dies sooner, AWS may still have the shorter path.
PROPAGATION_SECONDS = 1.5
# A tunnel that dies repeatedly must answer for longer each time before it is used again: 10, 20, 40, 60, 60 ... s.
# The first time within ten minutes has no such delay.
DAMPING_FIRST_SECONDS = 10.0
DAMPING_LONGEST_SECONDS = 60.0
DAMPING_WINDOW_SECONDS = 600.0
DAMPING_REMEMBERED = 8
# After a silence of this length AWS may be about to delete the tunnel: the answer to its last request was lost, and it
# deletes the tunnel within ten seconds although the path works again. The tunnel is not used before that time is over.
LONG_SILENCE_SECONDS = 8.0
SETTLE_SECONDS = 12.0


@dataclass
class Record:
    """What is remembered of one tunnel, also by the next monitor. Times are seconds since the machine started."""

    left: bool = False
    why: str = ""
    since: str = ""
    times: int = 0
    left_at: float = 0.0
    answers_since: float | None = None
    rank: int = NO_RANK
    """Of the path that AWS has, or had when the tunnel was left; the highest that is possible."""
    announced: int = NO_RANK
    """The rank that was announced to AWS last."""
    announced_before: list[tuple[int, float]] = field(default_factory=list)
    """The ranks announced before, each with the time when it was replaced, while AWS may not have the next one yet."""
    recent: list[float] = field(default_factory=list)

    def announce(self, rank: int, now: float) -> None:
        """Note the rank of the path that is announced to AWS through a tunnel that works."""
        before = [*self.announced_before, (self.announced, now)] if rank != self.announced else self.announced_before
        self.announced = rank
        self.announced_before = [(one, until) for one, until in before if now - until < PROPAGATION_SECONDS]
        self.rank = max(rank, *(one for one, _ in self.announced_before), NO_RANK)

    def note_state(self, state: str, now: float) -> None:
        """Note whether the tunnel answers."""
        if state != ALIVE:
            self.answers_since = None
        elif self.answers_since is None:
            self.answers_since = now

    def leave(self, now: float, timestamp: str) -> None:
        """Note that the tunnel is avoided from now on."""
        self.left, self.why, self.since = True, "probes unanswered", timestamp
        self.times += 1
        self.left_at = now
        self.recent.append(now)

    def return_to_use(self, timestamp: str) -> None:
        """Note that the tunnel is used again from now on."""
        self.left, self.why, self.since = False, "answers again", timestamp

    def damping_seconds(self, now: float) -> float:
        """How long the tunnel must have answered before it is used again."""
        self.recent = [at for at in self.recent if now - at < DAMPING_WINDOW_SECONDS][-DAMPING_REMEMBERED:]
        again = len(self.recent) - 1
        return min(DAMPING_FIRST_SECONDS * 2 ** (again - 1), DAMPING_LONGEST_SECONDS) if again > 0 else 0.0

    def settling_seconds(self) -> float:
        """How long it must have answered, so that AWS's dead peer detection has finished."""
        silent = (self.answers_since or 0.0) - self.left_at
        return SETTLE_SECONDS if silent >= LONG_SILENCE_SECONDS else 0.0
