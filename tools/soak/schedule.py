"""What is broken, where and for how long: a pure function of the seed and the network."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    ``weight`` is its share among the kinds; ``repair`` the fault that ends it, or nothing where the network must
    recover without help; ``seconds`` the shortest and the longest time that it lasts; ``targets`` what it can hit.
    """

    name: str
    weight: int
    targets: str
    repair: str | None = None
    seconds: tuple[int, int] = (0, 0)


# Faults that vpn_lab.network.faults does not have are left out.
KINDS = (
    Kind("blackhole", 6, "tunnel", "heal", (3, 60)),
    Kind("degrade", 2, "tunnel", "heal", (10, 30)),
    Kind("delete-ike", 3, "tunnel"),
    Kind("replace-endpoint", 2, "tunnel"),
    Kind("power-off", 2, "device", "power-on", (5, 40)),
    Kind("kill", 5, "process"),
    Kind("region-down", 1, "device", "region-up", (5, 30)),
    Kind("metadata-down", 1, "device", "metadata-up", (5, 30)),
)
PROCESSES = ("pluto", "bgpd", "zebra", "keepalived", "monitor")


@dataclass(frozen=True)
class Step:
    """One fault: its kind, its target, and how long until it is repaired."""

    number: int
    kind: Kind
    target: str
    seconds: int

    def __str__(self) -> str:
        lasting = f" for {self.seconds} s" if self.kind.repair else ""
        return f"{self.kind.name} {self.target}{lasting}"


def schedule(
    seed: int, tunnels: Sequence[str], devices: Sequence[str], available: Sequence[str] | None = None
) -> Iterator[Step]:
    """Yield an endless series of faults; the same seed and network give the same faults.

    Args:
        seed: Seed of the random numbers.
        tunnels: Outside addresses.
        devices: Names of the devices.
        available: The faults that the network has; without it, all of ``KINDS``.

    Raises:
        ValueError: There is nothing to break.
    """
    kinds = [kind for kind in KINDS if available is None or kind.name in available]
    targets = {
        "tunnel": sorted(tunnels),
        "device": sorted(devices),
        "process": [f"{device}/{process}" for device in sorted(devices) for process in PROCESSES],
    }
    kinds = [kind for kind in kinds if targets[kind.targets]]
    if not kinds:
        raise ValueError("there is nothing to break: no tunnel, no device, or no known fault")
    chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    number = 0
    while True:
        number += 1
        kind = chance.choices(kinds, [kind.weight for kind in kinds])[0]
        yield Step(number, kind, chance.choice(targets[kind.targets]), chance.randint(*kind.seconds))
