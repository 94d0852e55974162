"""Progress while the network comes up: a live table on a terminal, otherwise one line per change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from vpn_lab.demo import ends
from vpn_lab.demo.deployment import resources
from vpn_lab.demo.report import short
from vpn_lab.network import report
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.network import Network

# something vanished between two calls or during one: the next look sees a consistent state
MOMENTARY = (ClientError, BotoCoreError, KeyError, MachineError)
Facts = dict[tuple[str, str], str]


class Watch:
    """Watches a stack and its network, including whether the hosts reach each other before any tunnel is up."""

    def __init__(self, console: Console, network: Network, stack: str) -> None:
        self._console = console
        self._network = network
        self._stack = stack
        self._began = time.monotonic()
        self._seen: Facts = {}
        self._live: Live | None = None
        self.before: tuple[bool, bool] | None = None
        """Whether the hosts reached each other while no tunnel was up; ``None`` until both could try."""

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the table while the block runs; it stays on the screen afterwards."""
        if not self._console.is_terminal:
            yield
            return
        with Live(console=self._console, auto_refresh=False) as live:
            self._live = live
            yield
            self._live = None

    def look(self) -> None:
        """Read both sides once, and show them."""
        try:
            status = report.status(self._network)
            routes = report.routes(self._network)
            self._try_before(status)
        except MOMENTARY:
            return
        if self._live is not None:
            self._live.update(self._tables(status, routes), refresh=True)
            return
        facts = _facts(status, routes)
        for key, value in facts.items():
            if self._seen.get(key) != value:
                self._console.print(f"  +{self._seconds:5.1f} s  {key[0]:<6} {key[1]}: {value}", highlight=False)
        self._seen = facts

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _try_before(self, status: dict[str, list[dict[str, Any]]]) -> None:
        if self.before is not None or _any_up(status):
            return
        found = ends.find(self._network.deployed())
        names = {row["node"] for row in status["nodes"]}
        if found is None or not {found.idc.id, found.aws.id} <= names:
            return
        answers = found.answers(self._network)
        if not _any_up(report.status(self._network)):
            self.before = answers

    def _tables(self, status: dict[str, list[dict[str, Any]]], routes: list[dict[str, Any]]) -> Group:
        state, done, total = resources(self._network.region, self._stack)
        head = Text(f"  {self._seconds:4.0f} s  {self._stack}: {state or 'beginning'}, {done} of {total} resources")
        nodes = [row for row in status["nodes"] if row["address"]]
        return Group(
            head,
            _table(("name", "address", "state"), nodes),
            _table(("tunnel", "IKE and ESP", "BGP", "learned"), status["tunnels"]),
            _table(("route table", "destination", "target"), [row for row in routes if row["target"] != "local"]),
        )


def _any_up(status: dict[str, list[dict[str, Any]]]) -> bool:
    return any(row["IKE and ESP"] == "up" for row in status["tunnels"])


def _table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Table:
    table = Table(*columns, box=None, padding=(0, 2))
    for row in rows:
        table.add_row(*(str(row[column]) for column in columns))
    return table


def _facts(status: dict[str, list[dict[str, Any]]], routes: list[dict[str, Any]]) -> Facts:
    facts: Facts = {
        ("node", short(row["name"], row["node"])): f"{row['state']}, {row['address']}"
        for row in status["nodes"]
        if row["address"]
    }
    for row in status["tunnels"]:
        bgp = f", BGP {row['BGP']}" if row["BGP"] else ""
        learned = f", learned {row['learned']}" if row["learned"] else ""
        facts["tunnel", row["tunnel"]] = f"IKE and ESP {row['IKE and ESP']}{bgp}{learned}"
    for row in routes:
        if row["target"] != "local":
            facts["route", f"{row['route table']} {row['destination']}"] = f"to {row['target']}"
    return facts
