"""The route-maps of ``frr.conf`` that the device attaches to a neighbour: by them it steers."""

from __future__ import annotations

from dataclasses import dataclass

# Towards AWS. FRR applies an edited route-map only after 5 s, but attaches another one at once; so each has a name.
NORMAL_OUT = "TO-AWS"
BACKUP_OUT = "TO-AWS-BACKUP"
LAST_OUT = "TO-AWS-LAST"
NORMAL_IN = "FROM-AWS"
AVOIDED_IN = "FROM-AWS-AVOIDED"

# By rank: the higher the rank, the shorter the path. After each fault it must be higher than that of the dead paths.
BY_RANK = (NORMAL_OUT, "TO-AWS-PREFERRED", "TO-AWS-PREFERRED-2", "TO-AWS-PREFERRED-3")
HIGHEST_RANK = len(BY_RANK) - 1
# For tunnels that AWS prefers less: each one step longer.
BY_RANK_LESS = (BACKUP_OUT, *BY_RANK[:-1])
# Of a path that is longer than the normal one: no other path needs to beat it.
NO_RANK = -1


@dataclass(frozen=True)
class Maps:
    """The route-maps of one neighbour."""

    outbound: str = NORMAL_OUT
    inbound: str = NORMAL_IN


def order(name: str) -> int:
    """Return a key to sort route-maps by: what AWS should prefer, then the device's own way, then the longest paths."""
    if name in BY_RANK:
        return -BY_RANK.index(name)
    return 1 if name in (NORMAL_IN, AVOIDED_IN) else 2
