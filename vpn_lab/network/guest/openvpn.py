"""OpenVPN on a node: a server of a Client VPN endpoint, or a user's computer with a profile."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vpn_lab.network.guest.commands import overlay_for_daemons, run, within
from vpn_lab.network.guest.resolver import Resolver
from vpn_lab.network.plan import Node

ANSWER_SECONDS = 5
STOP_SECONDS = 5
CONFIGURATION = {"client-vpn": "etc/openvpn/server.conf", "client": "root/profile.ovpn"}
# OpenVPN reads it again for each client
REVOKED = "etc/openvpn/revoked.crl"
SOCKET = "run/openvpn.sock"
LOG = "/var/log/openvpn.log"
# one line per refused attempt: when, from where, and why
REFUSED = re.compile(r"^(\S+ \S+ [\d.]+:\d+) VERIFY ERROR: depth=0, error=", re.MULTILINE)
CLIENT_OPTIONS = ("--management", f"/{SOCKET}", "unix", "--log-append", LOG)
RESOLVER = "127.0.0.1"


class OpenVpn:
    """One OpenVPN process with its own file tree."""

    def __init__(self, name: str, kind: str) -> None:
        self._name = name
        self._kind = kind
        self._folder = Path("/run/lab/nodes") / name
        self._root = overlay_for_daemons(self._folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._files: dict[str, str] = {}
        self._resolver: Resolver | None = None

    def enter(self) -> list[str]:
        """Return the command prefix that runs a command in the node's file tree and network."""
        return [*within(self._name), "chroot", str(self._root)]

    def apply(self, after: Node) -> None:
        """Write the files, and restart OpenVPN if it must read them again."""
        changed = {path for path, text in after["files"].items() if self._files.get(path) != text}
        for path in changed:
            (self._root / path).parent.mkdir(parents=True, exist_ok=True)
            (self._root / path).write_text(after["files"][path])
            (self._root / path).chmod(0o600)
        if self._kind == "client":
            self._resolve(after["names"])
        if changed - {REVOKED} or self._process is None or self._process.poll() is not None:
            self._restart()
        self._files = dict(after["files"])

    def _resolve(self, names: dict[str, list[str]]) -> None:
        if self._resolver is None:
            (self._root / "etc/resolv.conf").write_text(f"nameserver {RESOLVER}\n")
            self._resolver = Resolver(self._name, RESOLVER)
        self._resolver.answer_with(names)

    def _restart(self) -> None:
        self._stop()
        options = CLIENT_OPTIONS if self._kind == "client" else ()
        command = [*self.enter(), "openvpn", "--config", f"/{CONFIGURATION[self._kind]}", *options]
        with (self._folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True
            )

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def state(self) -> dict[str, Any]:
        """Return a server's connected clients, or a client's own state and address."""
        try:
            if self._kind == "client-vpn":
                return {"clients": clients(self._ask("status 3")), "refused": refused(self._log())}
            return {"client": connection(self._ask("state"))}
        except OSError:
            if self._kind == "client-vpn":
                return {"clients": [], "refused": refused(self._log())}
            return {"client": connection([])}

    def _log(self) -> str:
        path = self._root / LOG.removeprefix("/")
        return path.read_text() if path.exists() else ""

    def end(self, client: str) -> None:
        """End one client's connection."""
        self._ask(f"client-kill {client}", ends=("SUCCESS", "ERROR"))

    def _ask(self, question: str, ends: tuple[str, ...] = ("END", "ERROR")) -> list[str]:
        """Send one command to OpenVPN's management interface and return the lines of the answer."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(ANSWER_SECONDS)
            link.connect(str(self._root / SOCKET))
            link.sendall(f"{question}\n".encode())
            lines = []
            with link.makefile() as answer:
                for line in answer:
                    if line.startswith(">"):
                        continue
                    if line.startswith(ends):
                        break
                    lines.append(line.rstrip("\r\n"))
        return lines

    def discard(self) -> None:
        """Stop OpenVPN and remove its files."""
        self._stop()
        if self._resolver is not None:
            self._resolver.close()
        for name in ("dev", "tmp", "run", "sys", "proc", ""):
            run(["umount", "--lazy", str(self._root / name)])


def clients(lines: list[str]) -> list[dict[str, str]]:
    """Read the clients from the answer to ``status 3``."""
    header = next((line.split("\t")[2:] for line in lines if line.startswith("HEADER\tCLIENT_LIST")), [])
    found = []
    for line in lines:
        if line.startswith("CLIENT_LIST\t"):
            one = dict(zip(header, line.split("\t")[1:], strict=False))
            found.append(
                {
                    "name": one["Common Name"],
                    "from": one["Real Address"],
                    "address": one["Virtual Address"],
                    "received": one["Bytes Received"],
                    "sent": one["Bytes Sent"],
                    "since": _time(float(one["Connected Since (time_t)"])),
                    "now": _time(time.time()),
                    "client_id": one["Client ID"],
                }
            )
    # a client has no address during its handshake
    return [one for one in found if one["address"]]


def refused(log: str) -> list[str]:
    """Return the attempts that a server's log shows as refused because of the certificate: when, and from where."""
    return REFUSED.findall(log)


def connection(lines: list[str]) -> dict[str, str]:
    """Read a client's state from the answer to ``state``: its last line has time, state, reason, addresses."""
    parts = lines[-1].split(",") if lines else []
    parts += [""] * (5 - len(parts))
    return {"state": parts[1], "address": parts[3], "server": parts[4]}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
