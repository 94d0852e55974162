"""Moves the device's own traffic to a tunnel that works."""

from __future__ import annotations

import subprocess
from typing import Callable, Protocol

from cgw_device.health import choose
from cgw_device.settings import Settings

Run = Callable[[list[str]], bool]
# Below the metrics of the routes that are there without the monitor, so that it wins while it runs and they are
# enough when it does not.
METRIC = "50"


class Egress(Protocol):
    """What the monitor tells about the tunnels, each time it has looked."""

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Act on the states of the tunnels; called after every probe, so it must be cheap when nothing changed."""


class BgpEgress:
    """With BGP, FRR leaves a tunnel whose session is gone; the monitor only reports its findings."""

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Leave the routes to FRR."""


class StaticEgress:
    """Static routes to AWS through one of the tunnels."""

    def __init__(self, settings: Settings, current: int, run: Run) -> None:
        self._settings = settings
        self._run = run
        self._applied: tuple[int, int] | None = None
        self.current = current

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Send through the best tunnel, again if its interface was made anew and lost its routes."""
        self.current = choose(self.current, states)
        wanted = (self.current, interface_indexes.get(self.current, 0))
        if wanted[1] and wanted != self._applied and self._replace_routes():
            self._applied = wanted

    def _replace_routes(self) -> bool:
        settings = self._settings
        route = ["dev", f"ipsec{self.current}", "src", settings.private_address, "metric", METRIC]
        done = [self._run(["ip", "route", "replace", prefix, *route]) for prefix in settings.remote_prefixes]
        return all(done)


def run(command: list[str]) -> bool:
    """Run a command; return whether it succeeded."""
    return subprocess.run(command, check=False, timeout=5).returncode == 0
