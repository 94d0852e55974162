"""Decides for BGP which tunnels to avoid, and which path to make AWS prefer.

Nothing here communicates: the findings go in, and the route-maps that each neighbour should have come out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Callable

from cgw_device.health import ALIVE, DEAD, UNKNOWN
from cgw_device.route_maps import (
    AVOIDED_IN,
    BACKUP_OUT,
    BY_RANK,
    BY_RANK_LESS,
    HIGHEST_RANK,
    LAST_OUT,
    NO_RANK,
    NORMAL_IN,
    NORMAL_OUT,
    Maps,
)
from cgw_device.tunnel_record import Record

# The rank that a new master assumes for the former master's paths if it never received a message from it: that of a
# device that had one fault and then another.
FORMER_MASTER_RANK = 1
# How long a new master relies on the former master's last message. By then a newer one has arrived, or the former
# master is known to be silent.
TAKEOVER_SECONDS = 2.0

# AWS ends a session that is silent for 30 s. After this time no path of a dead session is left that a shorter one would
# have to beat, and the shortest path is free again for the next fault.
STALE_SECONDS = 35.0


@dataclass(frozen=True)
class Findings:
    """What is known at one moment. Tunnels are given by their numbers."""

    states: dict[int, str]
    established: frozenset[int]
    master: bool
    drained: bool
    now: float
    partner_stale: int | None = None
    """The highest rank of the partner's stale paths; None if it has none."""
    partner_rank: int | None = None
    """The highest rank of the paths that the partner uses, or used when its last message was sent."""
    partner_known: bool = False
    """Whether a message of the partner was ever received."""
    meds: dict[int, int] = field(default_factory=dict)
    """The MED that AWS announces through each tunnel; without those through which it announces nothing."""


class Steering:
    """The rules; ``docs/device.md`` explains them."""

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
        """The highest rank of this device's stale paths, dead ones that AWS may still use; None if there are none."""
        self.rank: int | None = None
        """The highest rank of the paths that this device uses; None if it uses none."""

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
            # when all tunnels look dead, only a partner is left to use
            in_use = not record.left or number in self._in_use
            if found.states[number] == DEAD and in_use and (targets or self._paired):
                record.leave(found.now, self._timestamp())
                self._in_use = self._in_use - {number}
        self._in_use = targets or self._in_use
        self.stale = self._stale(found)
        maps = {number: self._maps(number, targets, found) for number in self.records}
        for number, record in self.records.items():
            # what is sent into a dead tunnel does not reach AWS
            if found.states[number] != DEAD and (number in targets or not record.left):
                outbound = maps[number].outbound
                record.announce(BY_RANK.index(outbound) if outbound in BY_RANK else NO_RANK, found.now)
        self.rank = max((self.records[number].rank for number in targets), default=None)
        return maps

    def _targets(self, found: Findings) -> set[int]:
        """The tunnels to use: those that are not avoided; if there are none, those that are only damped."""
        usable = {n for n in self.records if found.states[n] != DEAD and n in found.established}
        return {n for n in usable if not self.records[n].left} or usable

    def _return_if_good(self, number: int, record: Record, found: Findings) -> None:
        state = found.states[number]
        record.note_state(state, found.now)
        if not record.left or state == DEAD or (state == ALIVE and number not in found.established):
            return
        waited = found.now - (found.now if record.answers_since is None else record.answers_since)
        if state == UNKNOWN or waited >= max(record.damping_seconds(found.now), record.settling_seconds()):
            record.return_to_use(self._timestamp())

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
        """The rank that beats every stale path, up to the highest rank."""
        dead = [rank for rank in (self.stale, found.partner_stale) if rank is not None]
        # of two active devices each announces its own tunnels, whichever is the master
        if self._paired and not self._active_active:
            since = found.now - self._master_at
            if not found.partner_known and since < STALE_SECONDS:
                dead.append(FORMER_MASTER_RANK)
            elif found.partner_rank is not None and since < TAKEOVER_SECONDS:
                dead.append(found.partner_rank)
        return min(max(dead, default=NO_RANK) + 1, HIGHEST_RANK)

    def _stale(self, found: Findings) -> int | None:
        """The highest rank of the stale paths. Through a tunnel that is alive, AWS learns how long its path is now."""
        ranks = [
            record.rank
            for number, record in self.records.items()
            if record.left
            and found.now - record.left_at < STALE_SECONDS
            and not (found.states[number] == ALIVE and number in found.established)
        ]
        return max(ranks, default=None)


def _record(known: dict[str, Any]) -> Record:
    try:
        return Record(**known)
    except TypeError:
        # written by another version of this program
        return Record()
