"""Keeps bgpd's neighbours on the route-maps that the steering wants, whoever restarted meanwhile."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any, Callable

from cgw_device import aws_preference, state_file
from cgw_device.egress import Run
from cgw_device.egress import run as run_command
from cgw_device.health import ALIVE
from cgw_device.partner import Link, Partner
from cgw_device.settings import Settings
from cgw_device.steering import NORMAL_IN, NORMAL_OUT, STALE_SECONDS, Findings, Maps, Steering, order
from cgw_device.vty import BGPD, Vty

# The connection stays in the node where neighbours are configured: a change of policy is then a single command.
OPENING = ["enable", "configure terminal", "router bgp", "address-family ipv4 unicast"]
SESSIONS = "do show bgp ipv4 unicast summary json"
CONFIGURATION = "do show running-config"
SESSIONS_SECONDS = 1.0
CONFIGURATION_SECONDS = 3.0
# A session that does not come up for so long, though its tunnel answers, is begun anew, and the kernel tells of the
# tunnel's address again: bgpd can miss that the interface has come, and zebra 8 an address that it hears of first.
STALLED_SECONDS = 15.0
# What AWS gets to act on the longer paths of a drained device before keepalived moves the routes; and how long to wait
# for bgpd to take them.
HAND_OVER_SECONDS = 2.0
HAND_OVER_LONGEST_SECONDS = 10.0
_ATTACHED = re.compile(r"^ *neighbor (\S+) route-map (\S+) (in|out)$", re.MULTILINE)
_DEFINED = re.compile(r"^route-map (\S+) permit", re.MULTILINE)

Attachment = tuple[int, str]  # the number of a tunnel, and "out" or "in"


class BgpEgress:
    """Tells bgpd what the steering decides, and checks that bgpd does it.

    bgpd comes back from a restart with the configuration of its file. So nothing is believed to be in force because it
    was once ordered: what bgpd runs is read when the connection begins, and every few seconds.
    """

    def __init__(
        self,
        settings: Settings,
        vty: Vty,
        steering: Steering,
        say: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        handed_over: bool = False,
        partner: Partner | None = None,
        kernel_routes: Path = aws_preference.KERNEL_ROUTES,
        run: Run = run_command,
    ) -> None:
        self._run = run
        self._tunnels = {tunnel.number: tunnel for tunnel in settings.tunnels}
        self._interfaces = {tunnel.interface for tunnel in settings.tunnels}
        self._kernel_routes = kernel_routes
        self._numbers = {tunnel.aws_address: tunnel.number for tunnel in settings.tunnels}
        self._addresses = {number: address for address, number in self._numbers.items()}
        self._folder = settings.state_folder
        self._vty = vty
        self._steering = steering
        self._say = say
        self._clock = clock
        self._states: dict[int, str] | None = None
        self._wanted: dict[int, Maps] = {}
        self._partner_stale: int | None = None
        self._drained_since: float | None = None
        self._handed_over = handed_over
        self._partner = partner
        self._down_since: dict[int, float] = {}
        self._without_bgpd = False
        self._forget()

    @property
    def hands_over(self) -> bool:
        """Whether the device is drained so far that the other device of the pair may take the routes."""
        return self._handed_over

    @property
    def has_no_routes(self) -> bool:
        """Whether bgpd ended, which takes its routes along, and no session is up again."""
        return self._without_bgpd

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Decide anew and give bgpd its orders; they are sent while the monitor waits for the next round."""
        del interface_indexes  # FRR watches the interfaces itself
        self._states = dict(states)
        self._note_drain()
        self.serve()
        self._question()
        self._decide()
        self._hand_over()
        if self._partner is not None:
            self._partner.tell(self._steering.stale, self._steering.rank)

    def serve(self) -> None:
        """Exchange with bgpd what is ready to be exchanged."""
        if self._partner is not None:
            self._partner.hear()
            if self._partner.stale != self._partner_stale:
                self._decide()
        self._vty.advance()
        # before the first connection bgpd has not ended: it has not begun
        self._without_bgpd |= self._vty.gone and self._vty.epoch > 0
        if self._vty.epoch != self._epoch or (self._running and not self._vty.open):
            self._forget()

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Return what ``serve`` waits for."""
        readable, writable = self._vty.sockets()
        return readable + (self._partner.sockets() if self._partner else []), writable

    def facts(self) -> dict[str, Any]:
        """What the status shows, and the next monitor starts from."""
        return {
            "steering": {
                **self._steering.memory(),
                "bgpd": self._vty.trouble or "connected",
                "drain": self._drained_since is not None,
                "handed_over": self._handed_over,
                "applied": self._applied_since is not None,
                **({"partner": self._partner.state} if self._partner else {}),
                "maps": {str(n): {"out": maps.outbound, "in": maps.inbound} for n, maps in self._wanted.items()},
            }
        }

    def _forget(self) -> None:
        self._epoch = self._vty.epoch
        self._running: dict[Attachment, str] = {}
        self._defined: set[str] = set()
        self._established: set[int] | None = None
        self._meds: dict[int, int] | None = None
        self._ordered = 0
        self._sessions_at = self._configuration_at = 0.0
        self._applied_since: float | None = None

    def _note_drain(self) -> None:
        now = self._clock()
        if not state_file.is_drained(self._folder):
            self._drained_since, self._handed_over = None, False
            return
        if self._drained_since is None:
            self._drained_since = now

    def _hand_over(self) -> None:
        if self._drained_since is None:
            return
        now = self._clock()
        settled = self._applied_since is not None and now - self._applied_since >= HAND_OVER_SECONDS
        self._handed_over |= settled or now - self._drained_since >= HAND_OVER_LONGEST_SECONDS

    def _decide(self) -> None:
        """Decide anew, once it is known which sessions are up, and which tunnel AWS prefers."""
        if self._states is None or self._established is None or self._meds is None:
            return
        master = state_file.read(self._folder / state_file.ROLE) == "MASTER"
        drained = self._drained_since is not None
        established = frozenset(self._established)
        now = self._clock()
        found = Findings(self._states, established, master, drained, now, *self._of_partner(), meds=self._meds)
        wanted = self._steering.decide(found)
        if wanted != self._wanted:
            self._report(wanted, found)
            self._wanted, self._applied_since = wanted, None
        self._correct()

    def _of_partner(self) -> tuple[int | None, int | None, bool]:
        if self._partner is None:
            return None, None, False
        self._partner_stale = self._partner.stale
        return self._partner_stale, self._partner.rank, self._partner.is_known

    def _question(self) -> None:
        now = self._clock()
        if not self._vty.open:
            return
        if now >= self._sessions_at:
            self._sessions_at = now + SESSIONS_SECONDS
            self._vty.ask(SESSIONS, self._read_sessions)
            preference = aws_preference.question(self._interfaces, self._kernel_routes)
            if preference:
                self._vty.ask(preference, self._read_preference)
            elif self._meds is None:
                self._meds = {}
        if now >= self._configuration_at and not self._ordered:
            self._configuration_at = now + CONFIGURATION_SECONDS
            self._vty.ask(CONFIGURATION, self._read_configuration)

    def _read_sessions(self, answer: str) -> None:
        try:
            peers = json.loads(answer).get("peers", {})
        except ValueError:
            peers = {}
        self._established = {
            number for address, number in self._numbers.items() if peers.get(address, {}).get("state") == "Established"
        }
        if self._established:
            self._without_bgpd = False
        self._begin_stalled_anew()
        self._decide()

    def _read_preference(self, answer: str) -> None:
        self._meds = aws_preference.answered(answer, self._numbers)
        self._decide()

    def _begin_stalled_anew(self) -> None:
        now = self._clock()
        for number, address in self._addresses.items():
            if number in (self._established or ()) or (self._states or {}).get(number) != ALIVE:
                self._down_since.pop(number, None)
            elif now - self._down_since.setdefault(number, now) >= STALLED_SECONDS:
                self._down_since[number] = now
                self._say(f"tunnel {number} answers without a BGP session for {STALLED_SECONDS:g} s; it is begun anew")
                tunnel = self._tunnels[number]
                self._run(["ip", "address", "replace", f"{tunnel.device_address}/30", "dev", tunnel.interface])
                self._vty.ask(f"do clear bgp ipv4 unicast {address}")

    def _read_configuration(self, answer: str) -> None:
        self._defined = set(_DEFINED.findall(answer))
        # a neighbour without a line of its own has that of its group
        self._running = {
            (number, direction): name
            for number in self._addresses
            for direction, name in (("out", NORMAL_OUT), ("in", NORMAL_IN))
        }
        for address, name, direction in _ATTACHED.findall(answer):
            if address in self._numbers:
                self._running[self._numbers[address], direction] = name
        self._correct()

    def _correct(self) -> None:
        """Order what differs: first what AWS should prefer, then the device's own way, then what is to come last."""
        if not self._running or self._established is None or self._ordered:
            return
        wrong = [
            (order(name), number, direction, name)
            for number, maps in self._wanted.items()
            for direction, name in (("out", maps.outbound), ("in", maps.inbound))
            if self._running[number, direction] != name
        ]
        for _, number, direction, name in sorted(wrong):
            # a map that is not defined would refuse every route
            if name in self._defined:
                self._order(number, direction, name)
        if not wrong and self._applied_since is None:
            self._applied_since = self._clock()

    def _order(self, number: int, direction: str, name: str) -> None:
        def done(_answer: str) -> None:
            self._ordered -= 1
            self._running[number, direction] = name
            self._correct()

        self._ordered += 1
        self._vty.ask(f"neighbor {self._addresses[number]} route-map {name} {direction}", done)

    def _report(self, wanted: dict[int, Maps], found: Findings) -> None:
        for number, maps in wanted.items():
            if maps != self._wanted.get(number, Maps()):
                state = f"probe {found.states[number]}" + ", BGP established" * (number in found.established)
                self._say(f"tunnel {number}: {maps.outbound} out, {maps.inbound} in ({state})")


def bgp_egress(settings: Settings, say: Callable[[str], None]) -> BgpEgress:
    """Make the steering that continues where the last monitor ended."""
    memory = state_file.read_json(settings.state_folder / state_file.TUNNELS).get("steering", {})
    pair = settings.pair
    steering = Steering(
        [tunnel.number for tunnel in settings.tunnels],
        paired=pair is not None,
        active_active=pair is not None and pair.active_active,
        memory=memory,
        timestamp=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    vty = Vty(BGPD, OPENING, time.monotonic, say)
    other = pair.partner_address if pair else None
    partner = Partner(Link(settings.private_address, other), STALE_SECONDS) if other else None
    return BgpEgress(settings, vty, steering, say, handed_over=bool(memory.get("handed_over")), partner=partner)
