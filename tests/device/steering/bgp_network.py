"""Network namespaces with an FRR of their own, links between them, and a device's monitor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_aws_vpn.device.configuration import DeviceConfig, render_files

ROOT = Path(__file__).parents[3]

# The namespaces live as long as this shell; the first line it prints means that they can be made. FRR wants its user
# and groups to exist: here they are other names of the one that runs the test.
HOLDER = """\
set -e
mount -t tmpfs tmpfs /run
mkdir /run/frr
(cat /etc/passwd; echo frr:x:0:0::/:/bin/false) >/run/passwd
(cat /etc/group; echo frr:x:0:; echo frrvty:x:0:) >/run/group
mount --bind /run/passwd /etc/passwd
mount --bind /run/group /etc/group
ip netns add probe
ip netns delete probe
echo ready
read -r
"""
INSIDE = 'mount --bind "$0/frr" /run/frr && exec "$@"'
MONITOR = """\
import sys
from dataclasses import replace
from pathlib import Path
from cgw_device import monitor
from cgw_device.settings import Settings
place = Path(sys.argv[1])
monitor.run(replace(Settings.load(place / "device.json"), state_folder=place / "cgw"))
"""


def until(what: str, done: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait for a condition and return how long it took."""
    start = time.monotonic()
    while not done():
        assert time.monotonic() - start < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - start


@dataclass
class Network:
    """Namespaces, the links between them, and what runs in them."""

    place: Path
    programs: Path
    running: dict[tuple[str, str], subprocess.Popen[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = ["unshare", "--mount", "--net"] + ["--map-root-user"] * (os.geteuid() != 0)
        self._environment = {"PATH": f"{self.programs}:/usr/sbin:/usr/bin:/sbin:/bin"}
        self._holder = subprocess.Popen(
            [*own, "bash", "-c", HOLDER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment,
        )
        assert self._holder.stdout is not None
        first = self._holder.stdout.readline()
        assert first == "ready\n", f"network namespaces are needed (CAP_NET_ADMIN and CAP_SYS_ADMIN): {first}"
        user = ["--user", "--preserve-credentials"] * (os.geteuid() != 0)
        self._enter = ["nsenter", "--target", str(self._holder.pid), "--mount", "--net", *user]

    def close(self) -> None:
        """End what was started, and the namespaces with it."""
        for process in self.running.values():
            process.kill()
        for process in self.running.values():
            process.communicate(timeout=10)
        self._holder.communicate(input="\n", timeout=10)

    def command(self, node: str, *command: str | Path) -> list[str]:
        inside = ["ip", "netns", "exec", node, "bash", "-c", INSIDE, str(self.place / node)]
        return [*self._enter, *inside, *map(str, command)]

    def run(self, node: str, *command: str | Path) -> str:
        ended = subprocess.run(
            self.command(node, *command), capture_output=True, text=True, check=False, env=self._environment, timeout=30
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def start(self, node: str, name: str, *command: str | Path, environment: dict[str, str] | None = None) -> None:
        """Start a program that runs until it is stopped; its output goes to a file beside the node's others."""
        with (self.place / node / f"{name}.log").open("a") as log:
            self.running[node, name] = subprocess.Popen(
                self.command(node, *command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if name == "traffic" else log,
                stderr=log,
                text=True,
                env={**self._environment, **(environment or {})},
            )

    def kill(self, node: str, name: str) -> None:
        """End a program without a word."""
        process = self.running.pop((node, name))
        process.kill()
        process.communicate(timeout=10)

    def log(self, node: str, name: str) -> str:
        return (self.place / node / f"{name}.log").read_text()

    def node(self, name: str, *addresses: str) -> None:
        (self.place / name / "frr").mkdir(parents=True)
        subprocess.run([*self._enter, "ip", "netns", "add", name], check=True, env=self._environment)
        self.run(name, "ip", "link", "set", "lo", "up")
        for address in addresses:
            self.run(name, "ip", "address", "add", address, "dev", "lo")
        for path in ("ip_forward 1", "fib_multipath_hash_policy 1", "conf/all/rp_filter 0", "conf/default/rp_filter 0"):
            name_of, value = path.split()
            self.run(name, "sh", "-c", f"echo {value} >/proc/sys/net/ipv4/{name_of}")

    def link(self, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        """Join two nodes; each end is its node, the interface's name and its address."""
        (node, name, _), (far_node, far_name, _) = one, other
        self.run(node, "ip", "link", "add", name, "type", "veth", "peer", "name", far_name, "netns", far_node)
        for where, interface, address in (one, other):
            self.run(where, "ip", "address", "add", address, "dev", interface)
            self.run(where, "ip", "link", "set", interface, "up")

    def start_frr(self, node: str, configuration: str) -> None:
        folder = self.place / node
        (folder / "frr.conf").write_text(configuration)
        (folder / "vtysh.conf").write_text("username root nopassword\n")
        self._daemon(node, "zebra")
        self.start_bgpd(node)

    def start_bgpd(self, node: str) -> None:
        """Start bgpd, and give it the file as the service does."""
        self._daemon(node, "bgpd", "--listenon=0.0.0.0")
        said = self.vtysh(node, "-b")
        assert "%" not in said, said

    def _daemon(self, node: str, name: str, *options: str) -> None:
        socket = self.place / node / "frr" / f"{name}.vty"
        socket.unlink(missing_ok=True)
        zserv = ["-z", "/run/frr/zserv.api", "-i", f"/run/frr/{name}.pid", "--vty_socket", "/run/frr"]
        self.start(node, name, name, "-P", "0", "-f", "/dev/null", *zserv, *options)
        until(f"{name} of {node} listens; {self.log(node, name)}", socket.exists)

    def vtysh(self, node: str, *arguments: str) -> str:
        return self.run(node, "vtysh", "--vty_socket", "/run/frr", "--config_dir", self.place / node, *arguments)

    def bgp(self, node: str, command: str) -> Any:
        return json.loads(self.vtysh(node, "-d", "bgpd", "-c", f"{command} json"))

    def start_monitor(self, node: str) -> None:
        environment = {"PYTHONPATH": str(ROOT / "assets/cgw/device"), "PYTHONDONTWRITEBYTECODE": "1"}
        (self.place / node / "cgw").mkdir(exist_ok=True)
        command = [sys.executable, "-u", "-c", MONITOR, str(self.place / node)]
        self.start(node, "monitor", *command, environment=environment)

    def give(self, node: str, device: DeviceConfig) -> None:
        """Give a node the files of a device and start its FRR."""
        files = render_files(device)
        (self.place / node / "device.json").write_text(files["/etc/cgw/device.json"])
        self.start_frr(node, files["/etc/frr/frr.conf"])
