"""The route tables of a running transit gateway: what devices announce, and static routes that follow working tunnels.

FRR has one table for all sessions, but a transit gateway has many. FRR therefore keeps the sessions and paths, and
this module selects the routes of each table by AWS's rules: the shortest AS path, then the lowest MED, and of equal
paths all of them with ECMP, otherwise one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vpn_lab.network.guest.bgp import Bgpd
from vpn_lab.network.guest.commands import ip_batch
from vpn_lab.network.plan import TransitTable, Tunnel

LOOK_SECONDS = 0.2
Paths = Mapping[str, Iterable[Mapping[str, Any]]]
"""The paths that bgpd knows for each prefix."""
Routes = dict[str, list[str]]
"""The names of the tunnels through which each prefix is sent."""


class TransitTables:
    """Keeps the kernel's tables in step with what bgpd has learned."""

    def __init__(self, name: str, bgpd: Path, stopped: threading.Event) -> None:
        self._name = name
        self._bgpd = Bgpd(bgpd)
        self._stopped = stopped
        self._lock = threading.Lock()
        self._tables: list[TransitTable] = []
        self._tunnels: list[Tunnel] = []
        self._established: set[str] = set()
        self.routes: dict[int, Routes] = {}
        """The routes in each table, by its number."""
        self._said = ""
        threading.Thread(target=self._watch, daemon=True).start()

    def apply(self, tables: list[TransitTable], tunnels: list[Tunnel]) -> None:
        """Use these tables from now on. Routes through an interface that was replaced are set again."""
        with self._lock:
            kept = {table["number"] for table in tables}
            gone = [number for number in self.routes if number not in kept]
            ip_batch(self._name, [line for number in gone for line in changes(number, self.routes[number], {})])
            if tunnels != self._tunnels:
                self.routes = {number: {prefix: [] for prefix in routes} for number, routes in self.routes.items()}
            self.routes = {number: routes for number, routes in self.routes.items() if number in kept}
            self._tables, self._tunnels = tables, tunnels

    def use(self, established: set[str]) -> None:
        """Route into these tunnels only, by name: those with security associations."""
        self._established = established

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            with self._lock:
                try:
                    self._fill()
                    self._said = ""
                except Exception as problem:
                    # the next poll must happen, whatever went wrong in this one
                    if repr(problem) != self._said:
                        print(f"{self._name}: {problem!r}", flush=True)
                    self._said = repr(problem)

    def _fill(self) -> None:
        if not self._tables:
            return
        paths = self._bgpd.paths() if any(table["learns_from"] for table in self._tables) else {}
        names = {tunnel["device_address"]: tunnel["name"] for tunnel in self._tunnels}
        for table in self._tables:
            number = table["number"]
            before = self.routes.get(number, {})
            after = {**learned(table, paths, names), **static(table, self._established, before)}
            lines = changes(number, before, after)
            ip_batch(self._name, lines)
            self.routes[number] = after


def learned(table: TransitTable, paths: Paths, names: Mapping[str, str]) -> Routes:
    """Return the routes that a table learns from BGP; ``names`` maps each neighbour to its tunnel."""
    found: Routes = {}
    for prefix, announced in paths.items():
        ranked: dict[tuple[int, int], list[str]] = {}
        for path in announced:
            tunnel = names.get(str(path.get("peerId")))
            if path.get("valid") and tunnel in table["learns_from"] and prefix not in table["fixed"]:
                length = len(str(path.get("path", "")).split())
                ranked.setdefault((length, int(path.get("metric") or 0)), []).append(str(tunnel))
        if ranked:
            best = sorted(ranked[min(ranked)])
            found[prefix] = best if table["ecmp"] else best[:1]
    return found


def static(table: TransitTable, established: set[str], before: Routes) -> Routes:
    """Return the static routes: each stays on its tunnel while that works, and then moves to another working tunnel."""
    found: Routes = {}
    for prefix, tunnels in table["static"].items():
        alive = [name for name in tunnels if name in established]
        kept = [name for name in before.get(prefix, []) if name in alive]
        if alive:
            found[prefix] = kept or alive[:1]
    return found


def changes(number: int, before: Routes, after: Routes) -> list[str]:
    """Return the ``ip`` commands that change a table from one state to the next."""
    lines = []
    for prefix in [prefix for prefix in before if prefix not in after]:
        # the kernel may have dropped the route with its last interface: replace first, so that delete finds one
        lines += [f"route {verb} unreachable {prefix} table {number}" for verb in ("replace", "delete")]
    for prefix, tunnels in after.items():
        if before.get(prefix) != tunnels:
            hops = " ".join(f"nexthop dev {name}" for name in tunnels) if len(tunnels) > 1 else f"dev {tunnels[0]}"
            lines.append(f"route replace {prefix} table {number} {hops}")
    return lines
