"""Queries FRR's daemons through their own sockets: starting vtysh takes half a second under emulation."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 10


class Bgpd:
    """One bgpd. Each query opens a new connection, so that bgpd may be restarted, except for the frequent ``paths``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: socket.socket | None = None

    def neighbors(self) -> dict[str, str]:
        """Return the state of each session by the neighbour's address."""
        peers = self._ask("show bgp ipv4 unicast summary json").get("peers", {})
        return {address: str(peer.get("state")) for address, peer in peers.items()}

    def prefixes(self, neighbor: str) -> list[str]:
        """Return the prefixes that a neighbour announces."""
        return sorted(self._ask(f"show bgp ipv4 unicast neighbors {neighbor} routes json").get("routes", {}))

    def paths(self) -> dict[str, list[dict[str, Any]]]:
        """Return every path to every prefix."""
        if self._kept is None:
            self._kept = _connected(self._path)
        try:
            answer = _asked(self._kept, "show bgp ipv4 unicast json")
        except OSError:
            self._kept.close()
            self._kept = None
            raise
        return dict(json.loads(answer or b"{}").get("routes", {}))

    def attach(self, neighbor: str, route_map: str, direction: str) -> None:
        """Attach a route-map to a neighbour, for the direction ``out`` or ``in``."""
        node = ("configure terminal", "router bgp", "address-family ipv4 unicast")
        self._send(*node, f"neighbor {neighbor} route-map {route_map} {direction}")

    def _ask(self, question: str) -> dict[str, Any]:
        found = json.loads(self._send(question) or b"{}")
        return found if isinstance(found, dict) else {}

    def _send(self, *commands: str) -> bytes:
        return send(self._path, *commands)


def send(path: Path, *commands: str) -> bytes:
    """Send commands to a daemon of FRR through its socket, and return the answer to the last one."""
    with _connected(path) as link:
        for command in commands:
            answer = _asked(link, command)
    return answer


def _connected(path: Path) -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(ANSWER_SECONDS)
        link.connect(str(path))
        _asked(link, "enable")
    except OSError:
        link.close()
        raise
    return link


def _asked(link: socket.socket, command: str) -> bytes:
    link.sendall(command.encode() + b"\0")
    return _answer(link)


def _answer(link: socket.socket) -> bytes:
    """Read one answer: its text, three zero bytes and the command's result."""
    data = b""
    while data[-4:-1] != b"\0\0\0":
        part = link.recv(65536)
        if not part:
            raise ConnectionError("FRR closed its socket")
        data += part
    return data[:-4]
