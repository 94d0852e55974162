"""Keeps the network in step with the region, and reports the network's state to the region.

It runs beside the machine: ``python -m vpn_lab.network.follower FOLDER REGION-STATE-DIR``.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from vpn_lab.network import clients as computers
from vpn_lab.network.deployed import Deployed, read_again, read_deployed
from vpn_lab.network.device_commands import DeviceCommands
from vpn_lab.network.machine.machine import Machine, MachineError
from vpn_lab.network.plan import Plan
from vpn_lab.network.planning import planner
from vpn_lab.network.reporting import clients, telemetry
from vpn_lab.region import Region, RegionError

# the gateways poll their daemons at the same interval
REPORT_SECONDS = 1.0
# how often the traffic of a tunnel is reported to the region when nothing else changes
TRAFFIC_SECONDS = 10.0
RETRY_SECONDS = 0.5
log = logging.getLogger("network")


class Follower:
    """One region, one machine."""

    def __init__(self, region: Region, machine: Machine) -> None:
        self._region = region
        self._machine = machine
        self._commands = DeviceCommands(region, machine)
        self._seen = -1
        self._deployed: Deployed | None = None
        self._applied: Plan | None = None
        self._reported: dict[tuple[str, str], dict[str, Any]] = {}
        self._reported_at: dict[tuple[str, str], float] = {}

    def follow(self) -> None:
        """Wait for a change in the region, and apply it to the network.

        What devices move comes first, since packets wait for it; then everything else.
        """
        seen = self._region.changes(self._seen)
        try:
            if self._deployed is not None and seen != self._seen:
                self._apply(read_again(self._region, self._deployed))
            self._apply(read_deployed(self._region))
        except (ClientError, BotoCoreError, KeyError) as problem:
            # something vanished between two calls, or the API is down: the next attempt reads everything
            log.info("the region changes while it is read: %s", problem)
            time.sleep(RETRY_SECONDS)
            return
        self._seen = seen

    def _apply(self, deployed: Deployed) -> None:
        wanted = planner.plan(deployed, self._region.port, computers.clients(self._machine.folder))
        if wanted != self._applied:
            started = time.monotonic()
            self._machine.call("apply", timeout=600, plan=wanted)
            log.info("the network follows the region: %s (%.1f s)", _difference(self._applied, wanted), _since(started))
            self._applied = wanted
        self._deployed = deployed

    def report(self) -> None:
        """Report to the region what has changed in the gateways' view since the last report."""
        self._commands.begin_new()
        state = self._machine.call("state")
        if self._deployed is not None:
            clients.report(self._region, self._machine, self._deployed.model, state)
        for node in state.values():
            for tunnel in node.get("tunnels", {}).values():
                key = (tunnel["connection"], tunnel["outside_address"])
                report = telemetry.report(tunnel)
                before = self._reported.get(key, {})
                news = telemetry.without_traffic(before) != telemetry.without_traffic(report)
                if not news and (before == report or _since(self._reported_at[key]) < TRAFFIC_SECONDS):
                    continue
                try:
                    self._region.report_tunnel(*key, **report)
                except RegionError as problem:
                    log.info("the region refuses a report about %s: %s", key[0], problem)
                    continue
                if news:
                    log.info("%s %s is %s %s", *key, report["status"], report["message"])
                self._reported[key], self._reported_at[key] = report, time.monotonic()


def _since(started: float) -> float:
    return time.monotonic() - started


def _difference(before: Plan | None, after: Plan) -> str:
    old = before["nodes"] if before else {}
    words = {
        "new": [name for name in after["nodes"] if name not in old],
        "gone": [name for name in old if name not in after["nodes"]],
        "changed": [name for name, node in after["nodes"].items() if name in old and old[name] != node],
    }
    return "; ".join(f"{word} {', '.join(names)}" for word, names in words.items() if names) or "cables"


def repeat(action: Callable[[], None], alive: Callable[[], object], pause: float) -> None:
    """Repeat an action until the machine or the region is gone."""
    said = ""
    while True:
        try:
            action()
            said = ""
        except (MachineError, RegionError, OSError) as problem:
            if str(problem) != said:
                log.warning("%s", problem)
            said = str(problem)
            alive()
            time.sleep(RETRY_SECONDS)
        time.sleep(pause)


def main() -> None:
    """Follow until the machine is gone."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    folder, state_dir = Path(sys.argv[1]), Path(sys.argv[2])
    follower = Follower(Region.find(state_dir), Machine.find(folder))

    def alive() -> None:
        Machine.find(folder)
        Region.find(state_dir)

    threading.Thread(target=repeat, args=(follower.report, alive, REPORT_SECONDS), daemon=True).start()
    repeat(follower.follow, alive, 0.0)


if __name__ == "__main__":
    main()
