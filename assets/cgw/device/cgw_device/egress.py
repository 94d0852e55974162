"""Moves the device's own traffic to a tunnel that works."""

from __future__ import annotations

import subprocess
from typing import Any, Callable, Protocol

from cgw_device import state_file
from cgw_device.health import choose
from cgw_device.settings import Settings

Run = Callable[[list[str]], bool]
# Below the metrics of the routes that are there without the monitor, so that it wins while it runs and they are
# enough when it does not.
METRIC = "50"


class Egress(Protocol):
    """What the monitor tells about the tunnels, each time it has looked."""

    @property
    def hands_over(self) -> bool:
        """Whether a drained device may leave the election now."""

    @property
    def has_no_routes(self) -> bool:
        """Whether the device cannot reach AWS though its tunnels may live, so that the other one should do the work."""

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Act on the states of the tunnels; called after every probe, so it must be cheap when nothing changed."""

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Return what to read from and to write to while waiting for the next round."""

    def serve(self) -> None:
        """Read and write, when a socket is ready; must not wait."""

    def facts(self) -> dict[str, Any]:
        """What the status shows, and the next monitor starts from."""


class StaticEgress:
    """Static routes to AWS through one of the tunnels."""

    def __init__(self, settings: Settings, current: int, run: Run) -> None:
        self._settings = settings
        self._run = run
        self._applied: tuple[int, int] | None = None
        self.current = current

    @property
    def hands_over(self) -> bool:
        """Static routes on AWS's side cannot be moved first, so there is nothing to wait for."""
        return state_file.is_drained(self._settings.state_folder)

    @property
    def has_no_routes(self) -> bool:
        """Static routes are there as long as the interfaces are."""
        return False

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Send through the best tunnel, again if its interface was made anew and lost its routes."""
        self.current = choose(self.current, states)
        wanted = (self.current, interface_indexes.get(self.current, 0))
        if wanted[1] and wanted != self._applied and self._replace_routes():
            self._applied = wanted

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Nothing: commands are run and done."""
        return [], []

    def serve(self) -> None:
        """Nothing to serve."""

    def facts(self) -> dict[str, Any]:
        """Return the tunnel in use."""
        return {"egress": self.current}

    def _replace_routes(self) -> bool:
        settings = self._settings
        route = ["dev", f"ipsec{self.current}", "src", settings.private_address, "metric", METRIC]
        done = [self._run(["ip", "route", "replace", prefix, *route]) for prefix in settings.remote_prefixes]
        return all(done)


def run(command: list[str]) -> bool:
    """Run a command; return whether it succeeded."""
    return subprocess.run(command, check=False, timeout=5).returncode == 0
