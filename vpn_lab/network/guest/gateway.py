"""The far end of the tunnels: strongSwan for IKE and ESP, FRR for BGP, in one gateway node."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from vpn_lab.network.guest.bgp import Bgpd
from vpn_lab.network.guest.commands import CommandError, ip_batch, overlay, run, within
from vpn_lab.network.plan import Node, Tunnel

WATCH_SECONDS = 1.0
START_SECONDS = 30
BGP_CONFIGURATION = "etc/frr/bgpd.conf"
CHILD_INSTALLED = re.compile(r"state=(?:INSTALLED|REKEYING|REKEYED)\b")
# what strongSwan reports about an SA, in its raw format
FACT = re.compile(r"\b(version|encr-alg|encr-keysize|integ-alg|prf-alg|dh-group|state)=(\S+?)(?=[\s}])")


class Gateway:
    """Daemons with a file tree of their own, and what they have achieved."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder = Path("/run/lab/nodes") / name
        self._root = overlay(self._folder)
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._tunnels: list[Tunnel] = []
        self._files: dict[str, str] = {}
        self._bgp = Bgpd(self._root / "run/frr/bgpd.vty")
        self._via: dict[str, str] = {}
        self._lock = threading.Lock()
        self.observed: dict[str, dict[str, Any]] = {}
        self._stopped = threading.Event()
        self._make_folders()
        threading.Thread(target=self._watch, daemon=True).start()

    def _make_folders(self) -> None:
        # the tree's own /run and /tmp: the machine's are mounts, and no part of an overlay
        for kind, options in (("proc", ""), ("sysfs", "sys"), ("tmpfs", "run"), ("tmpfs", "tmp")):
            run(["mount", "-t", kind, kind, str(self._root / (options or kind))])
        run(["mount", "--bind", "/dev", str(self._root / "dev")])
        for name in ("run/frr", "etc/frr", "etc/swanctl"):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        run(["chroot", str(self._root), "chown", "frr:frr", "/run/frr", "/etc/frr"])

    def enter(self) -> list[str]:
        """Return the words before a command that make it run in the gateway's file tree and network."""
        return [*within(self._name), "chroot", str(self._root)]

    def apply(self, after: Node) -> None:
        """Configure the daemons, starting them first if need be."""
        changed = {path: text for path, text in after["files"].items() if self._files.get(path) != text}
        for path, text in changed.items():
            (self._root / path).write_text(text)
        self._tunnel_interfaces(after["tunnels"])
        if not after["tunnels"]:
            return
        if not self._running("charon"):
            self._start("charon", ["charon-systemd"], "run/charon.vici")
        if BGP_CONFIGURATION in changed:
            self._restart_bgp()
        run([*self.enter(), "swanctl", "--load-all", "--noprompt"])
        self._files = dict(after["files"])

    def _tunnel_interfaces(self, after: list[Tunnel]) -> None:
        with self._lock:
            before, self._tunnels = self._tunnels, []
        lines = [f"link delete {tunnel['name']}" for tunnel in before if tunnel not in after]
        for tunnel in after:
            if tunnel in before:
                continue
            name = tunnel["name"]
            lines += [
                f"link add {name} type xfrm dev wan if_id {tunnel['number']}",
                f"address add {tunnel['near_inside_address']}/30 dev {name}",
                f"link set {name} mtu {tunnel['mtu']} up",
            ]
        ip_batch(self._name, lines)
        with self._lock:
            self._tunnels = after

    def _restart_bgp(self) -> None:
        if not self._running("zebra"):
            self._start("zebra", ["/usr/lib/frr/zebra", "-A", "127.0.0.1", "-s", "9000000"], "run/frr/zserv.api")
        if self._running("bgpd"):
            self._daemons["bgpd"].terminate()
            self._daemons["bgpd"].wait()
        options = ["-A", "127.0.0.1", "-f", f"/{BGP_CONFIGURATION}"]
        self._start("bgpd", ["/usr/lib/frr/bgpd", *options], "run/frr/bgpd.vty")

    def _start(self, name: str, command: list[str], ready: str) -> None:
        """Start a daemon and wait for the socket that shows it is ready."""
        (self._root / ready).unlink(missing_ok=True)
        log = (self._folder / f"{name}.log").open("ab")
        daemon = subprocess.Popen(
            [*self.enter(), *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        self._daemons[name] = daemon
        deadline = time.monotonic() + START_SECONDS
        while not (self._root / ready).exists():
            if daemon.poll() is not None or time.monotonic() > deadline:
                said = (self._folder / f"{name}.log").read_text()[-1000:]
                raise CommandError(f"{self._name}: {name} is not ready within {START_SECONDS} s: {said}")
            self._stopped.wait(0.05)

    def _running(self, name: str) -> bool:
        return name in self._daemons and self._daemons[name].poll() is None

    def _watch(self) -> None:
        """Look at the daemons, and let the static routes follow the tunnels that work."""
        while not self._stopped.wait(WATCH_SECONDS):
            with self._lock:
                tunnels = list(self._tunnels)
            if not tunnels or not self._running("charon"):
                continue
            try:
                self.observed = self._observe(tunnels)
                self._follow(tunnels)
            except (CommandError, OSError, subprocess.TimeoutExpired) as problem:
                print(f"{self._name}: {problem}", flush=True)

    def _observe(self, tunnels: list[Tunnel]) -> dict[str, dict[str, Any]]:
        associations = security_associations(run([*self.enter(), "swanctl", "--list-sas", "--raw"]))
        peers = self._bgp.neighbors() if self._running("bgpd") else {}
        observed = {}
        for tunnel in tunnels:
            peer = peers.get(tunnel["far_inside_address"])
            observed[tunnel["name"]] = {
                "connection": tunnel["connection"],
                "outside_address": tunnel["outside_address"],
                "established": "esp" in associations.get(tunnel["name"], {}),
                "ike": associations.get(tunnel["name"], {}).get("ike", {}),
                "esp": associations.get(tunnel["name"], {}).get("esp", {}),
                "bgp": peer,
                "prefixes": self._bgp.prefixes(tunnel["far_inside_address"]) if peer == "Established" else [],
            }
        return observed

    def _follow(self, tunnels: list[Tunnel]) -> None:
        for prefix in {prefix for tunnel in tunnels for prefix in tunnel["static_prefixes"]}:
            alive = [
                tunnel["name"]
                for tunnel in tunnels
                if prefix in tunnel["static_prefixes"] and self.observed[tunnel["name"]]["established"]
            ]
            current = self._via.get(prefix)
            if current in alive or (current is None and not alive):
                continue
            if alive:
                ip_batch(self._name, [f"route replace {prefix} dev {alive[0]}"])
                self._via[prefix] = alive[0]
            else:
                ip_batch(self._name, [f"route delete {prefix} dev {current}"])
                del self._via[prefix]

    def state(self) -> dict[str, Any]:
        """Return what was seen last."""
        return {"tunnels": self.observed, "static_via": self._via}

    def close_tunnel(self, name: str) -> str:
        """Delete a tunnel's IKE SA, as when AWS replaces the endpoint."""
        return run([*self.enter(), "swanctl", "--terminate", "--ike", name, "--timeout", "5"])

    def discard(self) -> None:
        """End the daemons and remove their files."""
        self._stopped.set()
        for daemon in self._daemons.values():
            daemon.kill()
            daemon.wait()
        for name in ("dev", "tmp", "run", "sys", "proc", ""):
            run(["umount", "--lazy", str(self._root / name)])


def security_associations(raw: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the algorithms in force by connection, ``ike`` and (when it is installed) ``esp``."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in raw.splitlines():
        match = re.match(r"list-sa event \{(?P<name>\S+) \{(?P<ike>.*?)child-sas \{(?P<children>.*)\}\s*\}\s*\}", line)
        if match is None:
            continue
        entry = found.setdefault(match["name"], {})
        if "state=ESTABLISHED" in match["ike"]:
            entry["ike"] = dict(FACT.findall(match["ike"]))
        if CHILD_INSTALLED.search(match["children"]):
            entry["esp"] = dict(FACT.findall(match["children"]))
    return found
