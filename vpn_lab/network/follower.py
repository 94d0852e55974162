"""Keeps the network like the region, and tells the region what the network sees.

Runs beside the machine: ``python -m vpn_lab.network.follower FOLDER REGION-STATE-DIR``.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from vpn_lab.network import planner, read, telemetry
from vpn_lab.network.machine import Machine, MachineError
from vpn_lab.network.plan import Plan
from vpn_lab.region import Region, RegionError

PERIOD_SECONDS = 0.5
log = logging.getLogger("network")


class Follower:
    """One region, one machine."""

    def __init__(self, region: Region, machine: Machine) -> None:
        self._region = region
        self._machine = machine
        self._applied: Plan | None = None
        self._reported: dict[tuple[str, str], dict[str, Any]] = {}

    def round(self) -> None:
        """Look at both sides once, and act on what differs."""
        wanted = self._read()
        if wanted is not None and wanted != self._applied:
            started = time.monotonic()
            self._machine.call("apply", timeout=600, plan=wanted)
            log.info("the network follows the region: %s (%.1f s)", _difference(self._applied, wanted), _since(started))
            self._applied = wanted
        self._report()

    def _read(self) -> Plan | None:
        try:
            deployed = read.deployed(self._region.client, self._region.settings.region, self._region.boots())
        except (ClientError, BotoCoreError, KeyError) as problem:
            # something vanished between two calls: the next round sees it whole
            log.info("the region changes while it is read: %s", problem)
            return None
        return planner.plan(deployed, self._region.port)

    def _report(self) -> None:
        for node in self._machine.call("state").values():
            for tunnel in node.get("tunnels", {}).values():
                key = (tunnel["connection"], tunnel["outside_address"])
                report = telemetry.report(tunnel)
                if self._reported.get(key) == report:
                    continue
                try:
                    self._region.report_tunnel(*key, **report)
                except RegionError as problem:
                    log.info("%s takes no report: %s", key[0], problem)
                    continue
                log.info("%s %s is %s %s", *key, report["status"], report["message"])
                self._reported[key] = report


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


def main() -> None:
    """Follow until the machine is gone."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    folder, state_dir = Path(sys.argv[1]), Path(sys.argv[2])
    follower = Follower(Region.find(state_dir), Machine.find(folder))
    said = ""
    while True:
        started = time.monotonic()
        try:
            follower.round()
            said = ""
        except (MachineError, RegionError, OSError) as problem:
            if str(problem) != said:
                log.warning("%s", problem)
            said = str(problem)
            Machine.find(folder)
            Region.find(state_dir)
        time.sleep(max(0.0, PERIOD_SECONDS - _since(started)))


if __name__ == "__main__":
    main()
