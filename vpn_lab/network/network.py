"""A handle on a running network: start, use, stop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from vpn_lab.network import clients
from vpn_lab.network.deployed import Deployed, read_deployed
from vpn_lab.network.machine import image
from vpn_lab.network.machine.image import Progress
from vpn_lab.network.machine.machine import Machine, wait_for
from vpn_lab.processes import start_time
from vpn_lab.region import Region
from vpn_model.hosts import Instance
from vpn_model.unknown import known

FOLLOWER_STOP_SECONDS = 15


class NetworkError(RuntimeError):
    """The network cannot do what was asked. The message says why."""


class Network:
    """A machine, the region that it follows, and the process that keeps the two in step. Use ``start`` or ``find``."""

    def __init__(self, machine: Machine, region: Region, follower: int, follower_started: int) -> None:
        self.machine = machine
        self.region = region
        self._follower = follower
        self._follower_started = follower_started
        self._resolved: dict[str, str] = {}
        self._addresses: dict[str, str] = {}

    @classmethod
    def start(cls, region: Region, folder: Path, progress: Progress) -> Self:
        """Boot the machine and follow the region. Everything that is deployed, now or later, is built."""
        built = image.ready(progress)
        progress("booting the machine")
        machine = Machine.start(built, folder, region.port)
        with (folder / "follower.log").open("ab") as log:
            follower = subprocess.Popen(
                [sys.executable, "-m", "vpn_lab.network.follower", str(folder), str(region.settings.state_dir)],
                cwd=image.PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # out of Ctrl-C's reach, but no session: among those the kernel divides the processors evenly
                process_group=0,
                env={**os.environ, "PYTHONPATH": str(image.PROJECT)},
            )
        started = start_time(follower.pid) or 0
        record = {"follower": follower.pid, "started": started, "region": str(region.settings.state_dir)}
        (folder / "network.json").write_text(json.dumps(record))
        return cls(machine, region, follower.pid, started)

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Return the network that runs with its files in a folder."""
        machine = Machine.find(folder)
        try:
            record = json.loads((folder / "network.json").read_text())
            follower, started, state_dir = record["follower"], record["started"], Path(record["region"])
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            raise NetworkError(f"{folder} contains no record of a network; start one with `up`") from None
        return cls(machine, Region.find(state_dir), follower, started)

    def stop(self) -> None:
        """End the follower and the machine."""
        if start_time(self._follower) == self._follower_started:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._follower, signal.SIGTERM)
            wait_for(lambda: not _running(self._follower), FOLLOWER_STOP_SECONDS, "the follower to end")
        self.machine.stop()
        (self.machine.folder / "network.json").unlink(missing_ok=True)

    def deployed(self) -> Deployed:
        """Return what is deployed in the region now."""
        return read_deployed(self.region)

    def state(self) -> dict[str, Any]:
        """Return the state of each node, as the machine reports it."""
        return dict(self.machine.call("state"))

    def instances(self) -> list[Instance]:
        """Return the instances, by name."""
        return sorted(self.deployed().model.instances.values(), key=lambda one: one.name)

    def node(self, name: str) -> str:
        """Return the id of a node, given its id, its name or the end of its name, or its private address.

        The answer is cached while the node exists: asking the region takes longer than most commands that then run on
        the node.
        """
        remembered = self._resolved.get(name, name)
        if self.machine.call("has", node=remembered):
            return remembered
        model = self.deployed().model
        found = {
            one.id
            for one in model.instances.values()
            if name == one.name
            or one.name.endswith(f"/{name}")
            or name in {port.primary_address for port in model.interfaces_of(one.id)}
        }
        if len(found) != 1:
            names = ", ".join([*self.state(), *(one.name for one in model.instances.values())])
            raise NetworkError(f"{name!r} names {len(found)} nodes, not one; there are {names}")
        self._resolved[name] = found.pop()
        return self._resolved[name]

    def address(self, name: str) -> str:
        """Return the private address of an instance, which never changes."""
        node = self.node(name)
        if node not in self._addresses:
            ports = self.deployed().model.interfaces_of(node)
            self._addresses[node] = known(ports[0].primary_address)
        return self._addresses[node]

    def call(self, name: str, *command: str, seconds: float = 60) -> dict[str, Any]:
        """Run a program on a node; return its exit ``code``, its ``output`` and its ``errors``."""
        node = self.node(name)
        answer = self.machine.call("run", timeout=seconds + 10, node=node, command=list(command), seconds=seconds)
        return dict(answer)

    def run(self, name: str, *command: str, seconds: float = 60) -> str:
        """Run a program that must succeed on a node, and return what it printed."""
        answer = self.call(name, *command, seconds=seconds)
        if answer["code"]:
            raise NetworkError(f"{' '.join(command)} on {name} ended with {answer['code']}: {answer['errors'].strip()}")
        return str(answer["output"])

    def pings(self, source: str, target: str) -> bool:
        """Tell whether one ping of a target is answered within a second."""
        return bool(self.call(source, "ping", "-c", "1", "-W", "1", target)["code"] == 0)

    def capture(self, name: str, expression: str, seconds: int, *options: str) -> str:
        """Return what passes a node for a number of seconds, as tcpdump prints it."""
        command = ["timeout", str(seconds), "tcpdump", "-n", "-i", "any", *options]
        words = [*command, *([expression] if expression else [])]
        return str(self.call(name, *words, seconds=seconds + 30)["output"])

    def wait(self, condition: Callable[[Self], bool], seconds: float, what: str) -> float:
        """Wait for a condition, and return how many seconds that took."""
        started = time.monotonic()
        wait_for(lambda: condition(self), seconds, what)
        return time.monotonic() - started

    def tunnels(self) -> dict[str, dict[str, Any]]:
        """Return the gateways' view of each tunnel, by outside address."""
        return {
            tunnel["outside_address"]: {**tunnel, "gateway": name, "name": key}
            for name, node in self.state().items()
            for key, tunnel in node.get("tunnels", {}).items()
        }

    def tunnel(self, outside_address: str) -> dict[str, Any]:
        """Return the gateway's view of one tunnel."""
        tunnels = self.tunnels()
        if outside_address not in tunnels:
            raise NetworkError(f"no tunnel has the outside address {outside_address!r}; there are {', '.join(tunnels)}")
        return tunnels[outside_address]

    def attach_client(self, name: str, profile: str) -> str:
        """Add a user's computer with an OpenVPN profile to the Internet; return its node."""
        client = clients.attach(self.machine.folder, name, profile)
        self.region.note_change()
        return client.node

    def detach_client(self, name: str) -> None:
        """Remove a user's computer."""
        clients.detach(self.machine.folder, name)
        self.region.note_change()


def _running(pid: int) -> bool:
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return Path(f"/proc/{pid}").exists()
    return ended == 0
