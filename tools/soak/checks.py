"""The checks after a soak: what must be unchanged, and what must be in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from vpn_lab.network.bring_up import devices
from vpn_lab.network.network import Network
from vpn_lab.network.planning.addresses import INTERNET_NODE

# Programs that come and go because of these checks.
PASSING = {"sh", "cat", "nsenter", "ps", "ip", "nft", "tc", "swanctl", "vtysh", "ping", "sleep", "date", "systemctl"}
# The parent of the kernel's own threads, which it starts and ends as needed.
KERNEL = "2"
MEMORY_TOLERANCE = 0.25
MEMORY_MARGIN_MEGABYTES = 64
STEERED = {*(f"TO-AWS-PREFERRED{rank}" for rank in ("", "-2", "-3")), "TO-AWS-LAST", "FROM-AWS-AVOIDED"}


def census(network: Network) -> Counter[str]:
    """Count the machine's processes by name, including those of all nodes."""
    answer = network.run(INTERNET_NODE, "ps", "-e", "-o", "ppid=,comm=")
    return count(answer)


def count(text: str) -> Counter[str]:
    """Count the permanent programs of a process list, whose lines contain the parent's process id and the program."""
    entries = (line.split(maxsplit=1) for line in text.splitlines())
    programs = (name.strip() for parent, name in entries if parent != KERNEL)
    return Counter(name for name in programs if name not in PASSING | {"kthreadd"})


def leaked(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return how many more processes of each name there are than before."""
    return {name: number - before.get(name, 0) for name, number in after.items() if number > before.get(name, 0)}


def memory(network: Network) -> int:
    """Return the memory in use in the machine, without caches, in megabytes."""
    facts = dict(line.split(":", 1) for line in network.run(INTERNET_NODE, "cat", "/proc/meminfo").splitlines())
    total, available = (int(facts[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    return (total - available) // 1024


def grown(first: int, last: int) -> bool:
    """Tell whether memory in use grew by more than restarts of all programs explain."""
    return last > first * (1 + MEMORY_TOLERANCE) + MEMORY_MARGIN_MEGABYTES


def all_up(network: Network) -> bool:
    """Tell whether every tunnel has its security associations and, with BGP, its session."""
    tunnels = network.tunnels().values()
    return bool(tunnels) and all(one["established"] and one["bgp"] in (None, "Established") for one in tunnels)


def left_behind(statuses: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the remaining steering and the unhealthy devices, according to ``cgw-status --json``."""
    found = []
    for device, status in statuses.items():
        if not status.get("healthy"):
            found.append(f"{device} does not report that it is healthy")
        for number, row in ((status.get("steering") or {}).get("tunnels") or {}).items():
            if row.get("left"):
                found.append(f"{device} has left tunnel {number}: {row.get('why')}")
            found += [
                f"{device} tunnel {number} still has {row[way]} {way}"
                for way in ("in", "out")
                if row.get(way) in STEERED
            ]
    return found


def names(network: Network) -> list[str]:
    """Return the devices' names, which are the same in every run."""
    by_id = {one.id: one.name for one in network.instances()}
    return [by_id[identifier] for identifier in devices(network)]
