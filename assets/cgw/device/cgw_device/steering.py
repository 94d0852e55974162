"""Decides, for BGP, which tunnels to leave and which path to make AWS prefer.

Nothing here talks to anybody: the findings go in, and the route-maps that each neighbour should have come out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Callable

from cgw_device.health import ALIVE, DEAD, UNKNOWN

# Towards AWS, from the shortest AS path to the longest. Each is attached by its name: FRR applies an edited
# route-map only after 5 s, and another one at once.
PREFERRED_OUT = "TO-AWS-PREFERRED"
NORMAL_OUT = "TO-AWS"
BACKUP_OUT = "TO-AWS-BACKUP"
LAST_OUT = "TO-AWS-LAST"
NORMAL_IN = "FROM-AWS"
AVOIDED_IN = "FROM-AWS-AVOIDED"

# AWS ends a session that is silent for 30 s. Later than this no path of a dead session is left that a shorter one would
# have to beat, and the shortest is free again for the next fault.
STALE_SECONDS = 35.0
# A tunnel that dies again and again must answer for longer each time before it is used again: 10, 20, 40, 60, 60 ... s.
# The first time in ten minutes is free.
DAMPING_FIRST_SECONDS = 10.0
DAMPING_LONGEST_SECONDS = 60.0
DAMPING_WINDOW_SECONDS = 600.0
DAMPING_REMEMBERED = 8
# After a silence as long as this AWS may be about to give a tunnel up: it has sent its last request, whose answer was
# lost, and deletes the tunnel within ten seconds although the path is back. So it is not used before that is over.
LONG_SILENCE_SECONDS = 8.0
SETTLE_SECONDS = 12.0


@dataclass(frozen=True)
class Maps:
    """The route-maps of one neighbour."""

    outbound: str = NORMAL_OUT
    inbound: str = NORMAL_IN


@dataclass(frozen=True)
class Findings:
    """What is known at one moment."""

    states: dict[int, str]
    established: frozenset[int]
    master: bool
    drained: bool
    now: float
    partner_stale: bool = False
    """Whether AWS may believe in a dead path of the other active device."""


@dataclass
class Record:
    """What is remembered of one tunnel, also by the next monitor. Times are seconds since the machine's start."""

    left: bool = False
    why: str = ""
    since: str = ""
    times: int = 0
    left_at: float = 0.0
    answers_since: float | None = None
    recent: list[float] = field(default_factory=list)

    def damping_seconds(self, now: float) -> float:
        """How long the tunnel must have answered before it is used again."""
        self.recent = [at for at in self.recent if now - at < DAMPING_WINDOW_SECONDS][-DAMPING_REMEMBERED:]
        again = len(self.recent) - 1
        return min(DAMPING_FIRST_SECONDS * 2 ** (again - 1), DAMPING_LONGEST_SECONDS) if again > 0 else 0.0

    def settling_seconds(self) -> float:
        """How long it must have answered, so that AWS's dead peer detection is over."""
        silent = (self.answers_since or 0.0) - self.left_at
        return SETTLE_SECONDS if silent >= LONG_SILENCE_SECONDS else 0.0


class Steering:
    """The rules; ``docs/device.md`` has them in words."""

    def __init__(
        self,
        numbers: list[int],
        *,
        paired: bool,
        memory: dict[str, Any],
        timestamp: Callable[[], str],
        active_active: bool = False,
    ) -> None:
        known = memory.get("tunnels", {})
        self.records = {number: _record(known.get(str(number), {})) for number in numbers}
        self._paired = paired
        self._active_active = active_active
        self._timestamp = timestamp
        self._master = bool(memory.get("master", False))
        self._master_at = float(memory.get("master_at", -STALE_SECONDS))

    def memory(self) -> dict[str, Any]:
        """What the next monitor must know."""
        return {
            "master": self._master,
            "master_at": self._master_at,
            "tunnels": {str(number): asdict(record) for number, record in self.records.items()},
        }

    def decide(self, found: Findings) -> dict[int, Maps]:
        """Return the route-maps that each tunnel's neighbour should have now."""
        if found.master and not self._master:
            self._master_at = found.now
        self._master = found.master
        for number, record in self.records.items():
            self._return_if_good(number, record, found)
        targets = self._targets(found)
        for number, record in self.records.items():
            # when all look dead there is nowhere to go, but to the other device of a pair
            if found.states[number] == DEAD and not record.left and (targets or self._paired):
                self._leave(record, found.now)
        return {number: self._maps(number, targets, found) for number in self.records}

    def _targets(self, found: Findings) -> set[int]:
        """The tunnels to use: those that were not left, or if there are none, those that are back but damped."""
        usable = {n for n in self.records if found.states[n] != DEAD and n in found.established}
        return {n for n in usable if not self.records[n].left} or usable

    def _return_if_good(self, number: int, record: Record, found: Findings) -> None:
        state = found.states[number]
        if state != ALIVE:
            record.answers_since = None
        elif record.answers_since is None:
            record.answers_since = found.now
        if not record.left or state == DEAD or (state == ALIVE and number not in found.established):
            return
        waited = found.now - (found.now if record.answers_since is None else record.answers_since)
        if state == UNKNOWN or waited >= max(record.damping_seconds(found.now), record.settling_seconds()):
            record.left, record.why, record.since = False, "answers again", self._timestamp()

    def _leave(self, record: Record, now: float) -> None:
        record.left, record.why, record.since = True, "probes unanswered", self._timestamp()
        record.times += 1
        record.left_at = now
        record.recent.append(now)

    def _maps(self, number: int, targets: set[int], found: Findings) -> Maps:
        avoided = self.records[number].left and number not in targets
        inbound = AVOIDED_IN if avoided or (found.drained and self._paired) else NORMAL_IN
        if found.drained or avoided:
            return Maps(LAST_OUT, inbound)
        if self._paired and not found.master and not self._active_active:
            return Maps(BACKUP_OUT, inbound)
        stale = found.partner_stale or self.has_stale_paths(found.now)
        return Maps(PREFERRED_OUT if number in targets and stale else NORMAL_OUT, inbound)

    def has_stale_paths(self, now: float) -> bool:
        """Whether AWS may still believe in a path that leads nowhere: a tunnel's, or the former master's.

        Of two active devices each speaks for its own tunnels, whichever is the master.
        """
        moments = [record.left_at for record in self.records.values() if record.left]
        moments += [self._master_at] if self._paired and not self._active_active else []
        return any(now - at < STALE_SECONDS for at in moments)


def _record(known: dict[str, Any]) -> Record:
    try:
        return Record(**known)
    except TypeError:
        # written by another version of this program
        return Record()
