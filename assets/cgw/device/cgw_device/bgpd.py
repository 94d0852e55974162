"""What bgpd runs: read from bgpd again and again, and corrected where it differs from what is wanted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Callable

from cgw_device import aws_preference
from cgw_device.route_maps import NORMAL_IN, NORMAL_OUT, Maps, order
from cgw_device.settings import Tunnel
from cgw_device.vty import Vty

# The connection stays in the node where neighbours are configured: a change of policy is then a single command.
OPENING = ["enable", "configure terminal", "router bgp", "address-family ipv4 unicast"]
SESSIONS = "do show bgp ipv4 unicast summary json"
CONFIGURATION = "do show running-config"
SESSIONS_SECONDS = 1.0
CONFIGURATION_SECONDS = 3.0
_ATTACHED = re.compile(r"^ *neighbor (\S+) route-map (\S+) (in|out)$", re.MULTILINE)
_DEFINED = re.compile(r"^route-map (\S+) permit", re.MULTILINE)

Attachment = tuple[int, str]  # the number of a tunnel, and "out" or "in"


class Bgpd:
    """The sessions with AWS and the route-maps attached to them, each by the number of its tunnel.

    After a restart bgpd runs the configuration of its file. So an order that was once sent proves nothing: what bgpd
    runs is read when the connection begins, and every few seconds.
    """

    def __init__(
        self,
        tunnels: Collection[Tunnel],
        vty: Vty,
        *,
        clock: Callable[[], float] = time.monotonic,
        kernel_routes: Path = aws_preference.KERNEL_ROUTES,
    ) -> None:
        self._tunnels = tunnels
        self._vty = vty
        self._clock = clock
        self._kernel_routes = kernel_routes
        self._lost_routes = False
        self.wanted: dict[int, Maps] = {}
        """The route-maps that each tunnel's neighbour should have."""
        self._forget()

    def _forget(self) -> None:
        self._epoch = self._vty.epoch
        self._running: dict[Attachment, str] = {}
        self._defined: set[str] = set()
        self._ordered = 0
        self._sessions_at = self._configuration_at = 0.0
        self._has_news = False
        self.established: frozenset[int] | None = None
        """The tunnels whose sessions are established; None until bgpd has answered."""
        self.meds: dict[int, int] | None = None
        """The MED that AWS announces through each tunnel; None until bgpd has answered."""
        self.applied_since: float | None = None
        """Since when bgpd runs what is wanted; None while it does not."""

    @property
    def trouble(self) -> str:
        """Why there is no connection to bgpd; empty if there is one."""
        return self._vty.trouble

    @property
    def lost_routes(self) -> bool:
        """Whether bgpd has ended, which removes its routes, and no session is established again."""
        return self._lost_routes

    def exchange(self) -> bool:
        """Send and receive what is ready; return whether something new is known of the sessions or AWS's preference."""
        self._has_news = False
        self._vty.advance()
        # before the first connection bgpd has not ended: it has not started yet
        self._lost_routes |= self._vty.gone and self._vty.epoch > 0
        if self._vty.epoch != self._epoch or (self._running and not self._vty.open):
            self._forget()
        return self._has_news

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Return what ``exchange`` waits for: what it reads from, and what it writes to."""
        return self._vty.sockets()

    def ask(self) -> None:
        """Ask for the sessions, AWS's preference and the configuration when it is time to."""
        now = self._clock()
        if not self._vty.open:
            return
        if now >= self._sessions_at:
            self._sessions_at = now + SESSIONS_SECONDS
            self._vty.ask(SESSIONS, self._read_sessions)
            interfaces = {tunnel.interface for tunnel in self._tunnels}
            preference = aws_preference.question(interfaces, self._kernel_routes)
            if preference:
                self._vty.ask(preference, self._read_preference)
            elif self.meds is None:
                self.meds = {}
        if now >= self._configuration_at and not self._ordered:
            self._configuration_at = now + CONFIGURATION_SECONDS
            self._vty.ask(CONFIGURATION, self._read_configuration)

    def attach(self, wanted: dict[int, Maps]) -> None:
        """Attach route-maps to the neighbours, by the number of their tunnel, wherever bgpd runs others."""
        if wanted != self.wanted:
            self.wanted, self.applied_since = wanted, None
        self._correct()

    def reset(self, tunnel: Tunnel) -> None:
        """Reset the session of a tunnel."""
        self._vty.ask(f"do clear bgp ipv4 unicast {tunnel.aws_address}")

    def _read_sessions(self, answer: str) -> None:
        try:
            peers = json.loads(answer).get("peers", {})
        except ValueError:
            peers = {}
        self.established = frozenset(
            one.number for one in self._tunnels if peers.get(one.aws_address, {}).get("state") == "Established"
        )
        if self.established:
            self._lost_routes = False
        self._has_news = True

    def _read_preference(self, answer: str) -> None:
        self.meds = aws_preference.answered(answer, {one.aws_address: one.number for one in self._tunnels})
        self._has_news = True

    def _read_configuration(self, answer: str) -> None:
        self._defined = set(_DEFINED.findall(answer))
        attached = {(address, direction): name for address, name, direction in _ATTACHED.findall(answer)}
        # a neighbour without a line of its own has that of its group
        self._running = {
            (one.number, direction): attached.get((one.aws_address, direction), name)
            for one in self._tunnels
            for direction, name in (("out", NORMAL_OUT), ("in", NORMAL_IN))
        }
        self._correct()

    def _correct(self) -> None:
        """Order what differs: first what AWS should prefer, then the device's own way, then what is to come last."""
        if not self._running or self.established is None or self._ordered:
            return
        wrong = [
            (order(name), number, direction, name)
            for number, maps in self.wanted.items()
            for direction, name in (("out", maps.outbound), ("in", maps.inbound))
            if self._running[number, direction] != name
        ]
        for _, number, direction, name in sorted(wrong):
            # a map that is not defined would refuse every route
            if name in self._defined:
                self._order(number, direction, name)
        if not wrong and self.applied_since is None:
            self.applied_since = self._clock()

    def _order(self, number: int, direction: str, name: str) -> None:
        def done(_answer: str) -> None:
            self._ordered -= 1
            self._running[number, direction] = name
            self._correct()

        address = next(one.aws_address for one in self._tunnels if one.number == number)
        self._ordered += 1
        self._vty.ask(f"neighbor {address} route-map {name} {direction}", done)
