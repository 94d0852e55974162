"""Decides, for BGP, which tunnels to leave and which path to make AWS prefer.

Nothing here talks to anybody: the findings go in, and the route-maps that each neighbour should have come out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Callable

from cgw_device.health import ALIVE, DEAD, UNKNOWN

# Towards AWS. Each is attached by its name: FRR applies an edited route-map only after 5 s, and another one at once.
NORMAL_OUT = "TO-AWS"
BACKUP_OUT = "TO-AWS-BACKUP"
LAST_OUT = "TO-AWS-LAST"
NORMAL_IN = "FROM-AWS"
AVOIDED_IN = "FROM-AWS-AVOIDED"

# By rank: the higher, the shorter the path. Each fault needs one more than the paths that it leaves behind.
BY_RANK = (NORMAL_OUT, "TO-AWS-PREFERRED", "TO-AWS-PREFERRED-2", "TO-AWS-PREFERRED-3")
HIGHEST_RANK = len(BY_RANK) - 1
# Of the tunnels that AWS prefers less: one step longer each.
BY_RANK_LESS = (BACKUP_OUT, *BY_RANK[:-1])
# Of a path that is longer than the normal one, and need not be outbid.
NO_RANK = -1
# What a new master takes for the rank of the former one's paths if it has never heard of it: that of a device that had
# one fault and then another.
FORMER_MASTER_RANK = 1
# It believes what the former one last said for so long: by then that one has said what became of its paths, or is known
# to be silent.
TAKEOVER_SECONDS = 2.0

# AWS has heard of a longer path when the tunnel is not called dead for so long after it was ordered: that takes up to
# 1 s, and the order itself some of the rest. Of a tunnel that dies sooner AWS may still believe in the shorter one.
HEARD_SECONDS = 1.5
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
    partner_stale: int | None = None
    """The highest rank of the other device's dead paths that AWS may believe in."""
    partner_rank: int | None = None
    """The highest rank of the paths that it uses, or used when it was last heard of."""
    partner_known: bool = False
    """Whether it was ever heard of."""
    meds: dict[int, int] = field(default_factory=dict)
    """The MED of what AWS announces by each tunnel, as far as it does."""


@dataclass
class Record:
    """What is remembered of one tunnel, also by the next monitor. Times are seconds since the machine's start."""

    left: bool = False
    why: str = ""
    since: str = ""
    times: int = 0
    left_at: float = 0.0
    answers_since: float | None = None
    rank: int = NO_RANK
    """Of the path that AWS has, or had when the tunnel was left; the highest that it may have."""
    told: int = NO_RANK
    """What AWS was told last."""
    told_before: list[tuple[int, float]] = field(default_factory=list)
    """What it was told before, each until when, as long as it may not have heard of what came after."""
    recent: list[float] = field(default_factory=list)

    def tell(self, rank: int, now: float) -> None:
        """Note what AWS is told of the path of a tunnel that works."""
        before = [*self.told_before, (self.told, now)] if rank != self.told else self.told_before
        self.told, self.told_before = rank, [(one, until) for one, until in before if now - until < HEARD_SECONDS]
        self.rank = max(rank, *(one for one, _ in self.told_before), NO_RANK)

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
        self._in_use: set[int] = set()
        self.stale: int | None = None
        """The highest rank of this device's dead paths that AWS may believe in; None when there are none."""
        self.rank: int | None = None
        """The highest rank of the paths that it uses; None when it uses none."""

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
            in_use = not record.left or number in self._in_use
            if found.states[number] == DEAD and in_use and (targets or self._paired):
                self._leave(record, found.now)
                self._in_use = self._in_use - {number}
        self._in_use = targets or self._in_use
        self.stale = self._stale(found)
        maps = {number: self._maps(number, targets, found) for number in self.records}
        for number, record in self.records.items():
            # what is said into a dead tunnel does not reach AWS
            if found.states[number] != DEAD and (number in targets or not record.left):
                outbound = maps[number].outbound
                record.tell(BY_RANK.index(outbound) if outbound in BY_RANK else NO_RANK, found.now)
        self.rank = max((self.records[number].rank for number in targets), default=None)
        return maps

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
        if number not in targets and found.states[number] == DEAD:
            return Maps(BY_RANK[max(self.records[number].rank, 0)], inbound)
        if number not in targets:
            return Maps(NORMAL_OUT, inbound)
        best = min((found.meds[one] for one in targets if one in found.meds), default=0)
        by_rank = BY_RANK_LESS if found.meds.get(number, best) > best else BY_RANK
        return Maps(by_rank[self._rank(found)], inbound)

    def _rank(self, found: Findings) -> int:
        """The rank that beats every dead path, as far as there is one."""
        dead = [rank for rank in (self.stale, found.partner_stale) if rank is not None]
        # two active devices speak each for its own tunnels, whichever is the master
        if self._paired and not self._active_active:
            since = found.now - self._master_at
            if not found.partner_known and since < STALE_SECONDS:
                dead.append(FORMER_MASTER_RANK)
            elif found.partner_rank is not None and since < TAKEOVER_SECONDS:
                dead.append(found.partner_rank)
        return min(max(dead, default=NO_RANK) + 1, HIGHEST_RANK)

    def _stale(self, found: Findings) -> int | None:
        """The rank of what AWS may still believe in. Once a tunnel lives, AWS hears by it how long its path is now."""
        ranks = [
            record.rank
            for number, record in self.records.items()
            if record.left
            and found.now - record.left_at < STALE_SECONDS
            and not (found.states[number] == ALIVE and number in found.established)
        ]
        return max(ranks, default=None)


def order(name: str) -> int:
    """Return when to attach a route-map: first what AWS should prefer, then the device's own way, then the longest."""
    if name in BY_RANK:
        return -BY_RANK.index(name)
    return 1 if name in (NORMAL_IN, AVOIDED_IN) else 2


def _record(known: dict[str, Any]) -> Record:
    try:
        return Record(**known)
    except TypeError:
        # written by another version of this program
        return Record()
