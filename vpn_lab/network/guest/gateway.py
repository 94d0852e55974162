"""AWS's end of the tunnels: strongSwan for IKE and ESP, FRR for BGP, in one gateway node."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from vpn_lab.network.guest.bgp import Bgpd, send
from vpn_lab.network.guest.commands import CommandError, ip_batch, overlay_for_daemons, run, within
from vpn_lab.network.guest.ike import Charon
from vpn_lab.network.guest.transit import TransitTables
from vpn_lab.network.plan import PREFERRED_MED, Node, Tunnel

WATCH_SECONDS = 1.0
START_SECONDS = 30
# how long the other tunnel is preferred before and after a replacement
MED_LEAD_SECONDS = 2.0
BGP_CONFIGURATION = "etc/frr/bgpd.conf"


class Gateway:
    """The daemons of a gateway in their own file tree, and the state of its tunnels."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder = Path("/run/lab/nodes") / name
        self._root = overlay_for_daemons(self._folder)
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._tunnels: list[Tunnel] = []
        self._files: dict[str, str] = {}
        self._charon = Charon(self._root / "run/charon.vici")
        self._bgp = Bgpd(self._root / "run/frr/bgpd.vty")
        self._via: dict[str, str] = {}
        self._transit: TransitTables | None = None
        self._lock = threading.Lock()
        self.observed: dict[str, dict[str, Any]] = {}
        self._stopped = threading.Event()
        self._make_folders()
        threading.Thread(target=self._watch, daemon=True).start()

    def _make_folders(self) -> None:
        for name in ("run/frr", "etc/frr", "etc/swanctl"):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        for name in ("run/frr", "etc/frr"):
            shutil.chown(self._root / name, "frr", "frr")

    def enter(self) -> list[str]:
        """Return the command prefix that runs a command in the gateway's file tree and network."""
        return [*within(self._name), "chroot", str(self._root)]

    def apply(self, after: Node) -> None:
        """Configure the daemons, after starting them if necessary."""
        changed = {path: text for path, text in after["files"].items() if self._files.get(path) != text}
        for path, text in changed.items():
            (self._root / path).write_text(text)
        self._tunnel_interfaces(after["tunnels"])
        if not after["tunnels"]:
            return
        if not self._running("charon"):
            self._start("charon", ["charon-systemd"], "run/charon.vici")
        if BGP_CONFIGURATION in changed:
            self._restart_bgp(into_kernel=not after["transit"])
        run([*self.enter(), "swanctl", "--load-all", "--noprompt"])
        self._files = dict(after["files"])
        if after["transit"] and self._transit is None:
            self._transit = TransitTables(self._name, self._root / "run/frr/bgpd.vty", self._stopped)
        if self._transit is not None:
            self._transit.apply(after["transit"], after["tunnels"])

    def _tunnel_interfaces(self, after: list[Tunnel]) -> None:
        with self._lock:
            before, self._tunnels = {tunnel["name"] for tunnel in self._tunnels}, []
        lines = [f"link delete {name}" for name in sorted(before - {tunnel["name"] for tunnel in after})]
        new = [tunnel for tunnel in after if tunnel["name"] not in before]
        lines += [f"link add {tunnel['name']} type xfrm dev wan if_id {tunnel['number']}" for tunnel in new]
        lines += [f"link set {tunnel['name']} mtu {tunnel['mtu']} up" for tunnel in after]
        ip_batch(self._name, lines)
        self._give_addresses(new)
        with self._lock:
            self._tunnels = after

    def _give_addresses(self, tunnels: list[Tunnel]) -> None:
        """Set the inside addresses of tunnels, repeatedly until zebra knows them.

        zebra 8 receives interfaces and addresses in two threads. It loses an address that arrives before its interface,
        and BGP then waits forever for its next hop (FRR's issue 13288).
        """
        unknown = {f"{tunnel['aws_address']}/30": tunnel["name"] for tunnel in tunnels}
        deadline = time.monotonic() + START_SECONDS
        while unknown:
            ip_batch(self._name, [f"address replace {address} dev {name}" for address, name in unknown.items()])
            if not self._running("zebra"):
                return
            self._stopped.wait(0.1)
            known = send(self._root / "run/frr/zebra.vty", "show interface brief").decode().split()
            unknown = {address: name for address, name in unknown.items() if address not in known}
            if unknown and time.monotonic() > deadline:
                raise CommandError(f"{self._name}: zebra does not see {', '.join(unknown)} within {START_SECONDS} s")

    def _restart_bgp(self, *, into_kernel: bool) -> None:
        if not self._running("zebra"):
            self._start("zebra", ["/usr/lib/frr/zebra", "-A", "127.0.0.1", "-s", "9000000"], "run/frr/zserv.api")
        if self._running("bgpd"):
            self._daemons["bgpd"].terminate()
            self._daemons["bgpd"].wait()
        # a transit gateway has more than one route table, so FRR does not write to the kernel's
        options = ["-A", "127.0.0.1", "-f", f"/{BGP_CONFIGURATION}", *([] if into_kernel else ["--no_kernel"])]
        self._start("bgpd", ["/usr/lib/frr/bgpd", *options], "run/frr/bgpd.vty")

    def _start(self, name: str, command: list[str], ready: str) -> None:
        """Start a daemon and wait for the socket that shows that it is ready."""
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
        """Poll the daemons, and point the static routes to tunnels that work."""
        while not self._stopped.wait(WATCH_SECONDS):
            with self._lock:
                tunnels = list(self._tunnels)
            if not tunnels or not self._running("charon"):
                continue
            try:
                self.observed = self._observe(tunnels)
                self._follow(tunnels)
                if self._transit is not None:
                    self._transit.use({name for name, one in self.observed.items() if one["established"]})
            except Exception as problem:
                # the next poll must happen, whatever went wrong in this one
                print(f"{self._name}: {problem!r}", flush=True)

    def _observe(self, tunnels: list[Tunnel]) -> dict[str, dict[str, Any]]:
        associations = self._charon.associations()
        peers = self._bgp.neighbors() if self._running("bgpd") else {}
        observed = {}
        for tunnel in tunnels:
            peer = peers.get(tunnel["device_address"])
            observed[tunnel["name"]] = {
                "connection": tunnel["connection"],
                "outside_address": tunnel["outside_address"],
                "established": "esp" in associations.get(tunnel["name"], {}),
                "ike": associations.get(tunnel["name"], {}).get("ike", {}),
                "esp": associations.get(tunnel["name"], {}).get("esp", {}),
                "bgp": peer,
                "prefixes": self._bgp.prefixes(tunnel["device_address"]) if peer == "Established" else [],
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
        """Return the state that was seen last."""
        tables = {"transit": self._transit.routes} if self._transit is not None else {}
        return {"tunnels": self.observed, "static_via": self._via, **tables}

    def close_tunnel(self, name: str) -> str:
        """Delete a tunnel's IKE SA, as when AWS replaces the endpoint."""
        return run([*self.enter(), "swanctl", "--terminate", "--ike", name, "--timeout", "5"])

    def rekey(self, name: str, kind: str) -> None:
        """Negotiate new keys for a tunnel's ``ike`` or ``child`` association."""
        self._charon.rekey(name, kind)

    def replace_endpoint(self, name: str) -> None:
        """Replace a tunnel's endpoint as AWS does: the other tunnel of its connection gets a lower MED first.

        The customer's traffic moves before the endpoint is replaced. For AWS's own traffic, nothing is documented.
        """
        with self._lock:
            tunnels = list(self._tunnels)
        connection = next(tunnel["connection"] for tunnel in tunnels if tunnel["name"] == name)
        pair = [tunnel for tunnel in tunnels if tunnel["connection"] == connection]
        with_bgp = self._running("bgpd") and not pair[0]["static_prefixes"]
        other = next((tunnel["device_address"] for tunnel in pair if tunnel["name"] != name), None)
        if with_bgp and other:
            self._bgp.attach(other, f"MED-{PREFERRED_MED}", "out")
            self._stopped.wait(MED_LEAD_SECONDS)
        self.close_tunnel(name)
        if with_bgp and other:
            self._stopped.wait(MED_LEAD_SECONDS)
            normal = next(tunnel["med"] for tunnel in pair if tunnel["device_address"] == other)
            self._bgp.attach(other, f"MED-{normal}", "out")

    def discard(self) -> None:
        """Stop the daemons and remove their files."""
        self._stopped.set()
        for daemon in self._daemons.values():
            daemon.kill()
            daemon.wait()
        for name in ("dev", "tmp", "run", "sys", "proc", ""):
            run(["umount", "--lazy", str(self._root / name)])
