"""Moves the traffic that the device sends to AWS to a tunnel that works."""

from __future__ import annotations

import subprocess
from typing import Any, Callable, Protocol

from cgw_device import state_file
from cgw_device.health import choose
from cgw_device.settings import Settings

Run = Callable[[list[str]], bool]
# Lower than the metrics of the routes that exist without the monitor: its route is preferred while it runs, and the
# others suffice when it does not.
METRIC = "50"


class Egress(Protocol):
    """Follows the states of the tunnels that the monitor finds."""

    @property
    def hands_over(self) -> bool:
        """Whether a drained device is ready to leave the election."""

    @property
    def has_no_routes(self) -> bool:
        """Whether the routes to AWS are gone, even if tunnels are alive, so that the partner should take over."""

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Act on the states of the tunnels. Called after every round: it must be cheap when nothing has changed."""

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Return what to read from, and what to write to, while waiting for the next round."""

    def serve(self) -> None:
        """Read and write when a socket is ready, without waiting."""

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
        """AWS's static routes cannot be moved first, so there is nothing to wait for."""
        return state_file.is_drained(self._settings.state_folder)

    @property
    def has_no_routes(self) -> bool:
        """False: static routes exist as long as the interfaces do."""
        return False

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Route into the best tunnel; set the routes again if its interface was created again and has lost them."""
        self.current = choose(self.current, states)
        wanted = (self.current, interface_indexes.get(self.current, 0))
        if wanted[1] and wanted != self._applied and self._replace_routes():
            self._applied = wanted

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Nothing: there are no connections to serve."""
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
