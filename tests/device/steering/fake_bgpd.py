"""A bgpd as its vty socket shows it: it answers, keeps what it is told, and misbehaves as a test asks."""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path

FILE = {"out": "TO-AWS", "in": "FROM-AWS"}
MAPS = (
    *("TO-AWS-PREFERRED-3", "TO-AWS-PREFERRED-2", "TO-AWS-PREFERRED", "TO-AWS", "TO-AWS-BACKUP", "TO-AWS-LAST"),
    *("FROM-AWS", "FROM-AWS-AVOIDED"),
)
OPENING = ["enable", "configure terminal", "router bgp", "address-family ipv4 unicast"]


class FakeBgpd:
    """Serves one connection at a time, when it is asked to."""

    def __init__(self, path: Path, *neighbors: str) -> None:
        self.path = path
        self.neighbors = neighbors
        self.established = set(neighbors)
        # of the paths that a neighbour announces
        self.meds: dict[str, int] = {}
        self.defined = list(MAPS)
        self.orders: list[str] = []
        self.commands: list[str] = []
        self.cleared: list[str] = []
        self.silent = False
        self.refuses = ""
        # as many bytes of an answer as go out at once
        self.chunk = 1 << 16
        self._unsent = b""
        self.start()

    def start(self) -> None:
        """Start with the configuration of the file."""
        self.running: dict[tuple[str, str], str] = {}
        self._connection: socket.socket | None = None
        self._pending = b""
        self._listener = socket.socket(socket.AF_UNIX)
        self.path.unlink(missing_ok=True)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._listener.setblocking(False)

    def stop(self) -> None:
        """End as a killed daemon does: the socket's file stays."""
        if self._connection:
            self._connection.close()
        self._listener.close()

    def serve(self) -> None:
        """Answer what has been asked."""
        try:
            self._connection, _ = self._listener.accept()
            self._connection.setblocking(False)
            self._pending = self._unsent = b""
        except OSError:
            pass
        if self._connection is None or self.silent:
            return
        with contextlib.suppress(OSError):
            self._pending += self._connection.recv(4096)
        while b"\0" in self._pending:
            command, _, self._pending = self._pending.partition(b"\0")
            self._unsent += self._answer(command.decode())
        if self._unsent:
            sent, self._unsent = self._unsent[: self.chunk], self._unsent[self.chunk :]
            with contextlib.suppress(OSError):
                self._connection.send(sent)

    def maps(self, neighbor: str) -> tuple[str, str]:
        """The route-maps in force, out and in."""
        return tuple(self.running.get((neighbor, way), FILE[way]) for way in ("out", "in"))  # type: ignore[return-value]

    def _answer(self, command: str) -> bytes:
        self.commands.append(command)
        if self.refuses and self.refuses in command:
            return b"% Unknown command" + b"\0\0\0\x02"
        words = command.split()
        text = ""
        if words[0] == "neighbor":
            self.orders.append(command)
            self.running[words[1], words[4]] = words[3]
        elif command.startswith("do clear bgp ipv4 unicast "):
            self.cleared.append(words[-1])
        elif command == "do show bgp ipv4 unicast summary json":
            states = {one: "Established" if one in self.established else "Active" for one in self.neighbors}
            text = json.dumps({"peers": {one: {"state": state} for one, state in states.items()}})
        elif command.startswith("do show bgp ipv4 unicast ") and command.endswith(" longer-prefixes json"):
            paths = [{"peerId": one, "metric": med} for one, med in self.meds.items() if one in self.established]
            text = json.dumps({"routes": {words[5]: paths} if paths else {}})
        elif command == "do show running-config":
            lines = [f"  neighbor {one} route-map {name} {way}" for (one, way), name in self.running.items()]
            text = "\n".join(
                ["router bgp 65000", *lines, *(f"route-map {name} permit 10" for name in self.defined), ""]
            )
        else:
            assert command in OPENING, command
        return text.encode() + b"\0\0\0\0"
