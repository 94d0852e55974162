"""Runs the commands that SSM's Run Command has for the devices."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vpn_lab.network.machine.machine import Machine, MachineError
from vpn_lab.region import Region, RegionError

LONGEST_SECONDS = 1800.0
log = logging.getLogger("network")


class DeviceCommands:
    """The commands of one region, run in one machine, several at the same time."""

    def __init__(self, region: Region, machine: Machine) -> None:
        self._region = region
        self._machine = machine
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="command")

    def begin_new(self) -> None:
        """Begin what was asked for since the last call."""
        for command in self._region.take_device_commands():
            log.info("a command for %s", command["instance"])
            self._pool.submit(self._run, command)

    def _run(self, command: dict[str, Any]) -> None:
        arguments = {"node": command["instance"], "command": command["words"], "seconds": LONGEST_SECONDS}
        try:
            answer = self._machine.call("run", timeout=LONGEST_SECONDS + 10, **arguments)
        except MachineError as problem:
            answer = {"code": -1, "output": "", "errors": str(problem)}
        try:
            self._region.report_device_command(command["id"], answer["code"], answer["output"], answer["errors"])
        except (RegionError, OSError) as problem:
            log.info("the outcome of a command cannot be reported: %s", problem)
