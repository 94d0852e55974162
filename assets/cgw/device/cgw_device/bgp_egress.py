"""Decides for BGP, from all that is known of the tunnels, what bgpd should run, and when the partner may take over."""

from __future__ import annotations

import time
from typing import Any, Callable

from cgw_device import state_file
from cgw_device.bgpd import OPENING, Bgpd
from cgw_device.egress import Run
from cgw_device.egress import run as run_command
from cgw_device.health import ALIVE
from cgw_device.keepalived import MASTER
from cgw_device.partner import Link, Partner
from cgw_device.route_maps import Maps
from cgw_device.settings import Settings
from cgw_device.steering import STALE_SECONDS, Findings, Steering
from cgw_device.vty import BGPD, Vty

# A session that is not established for so long, although its tunnel answers, is reset, and the tunnel's address is set
# again for zebra: bgpd can miss that the interface has come up, and zebra 8 loses an address that it learns of before
# the interface.
STALLED_SECONDS = 15.0
# How long AWS has to act on the longer paths of a drained device before keepalived moves the routes; and how long to
# wait for bgpd to run them.
HAND_OVER_SECONDS = 2.0
HAND_OVER_LONGEST_SECONDS = 10.0


class BgpEgress:
    """Has bgpd run what the steering decides, and decides again whenever something new is known."""

    def __init__(
        self,
        settings: Settings,
        bgpd: Bgpd,
        steering: Steering,
        log: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        handed_over: bool = False,
        partner: Partner | None = None,
        run: Run = run_command,
    ) -> None:
        self._tunnels = settings.tunnels
        self._folder = settings.state_folder
        self._bgpd = bgpd
        self._steering = steering
        self._log = log
        self._clock = clock
        self._handed_over = handed_over
        self._partner = partner
        self._run = run
        self._states: dict[int, str] | None = None
        self._partner_stale: int | None = None
        self._drained_since: float | None = None
        self._down_since: dict[int, float] = {}

    @property
    def hands_over(self) -> bool:
        """Whether a drained device is ready for its partner to take the routes."""
        return self._handed_over

    @property
    def has_no_routes(self) -> bool:
        """Whether bgpd has ended, which removes its routes, and no session is established again."""
        return self._bgpd.lost_routes

    def follow(self, states: dict[int, str], interface_indexes: dict[int, int]) -> None:
        """Decide, and order what follows from it; bgpd gets the orders while the monitor waits for the next round."""
        del interface_indexes  # FRR watches the interfaces itself
        self._states = dict(states)
        self._note_drain()
        self.serve()
        self._bgpd.ask()
        self._decide()
        self._hand_over()
        if self._partner is not None:
            self._partner.send(self._steering.stale, self._steering.rank)

    def serve(self) -> None:
        """Send to bgpd and receive from it and from the partner what is ready."""
        if self._partner is not None:
            self._partner.receive()
            if self._partner.stale != self._partner_stale:
                self._decide()
        while self._bgpd.exchange():
            self._reset_stalled()
            self._decide()

    def sockets(self) -> tuple[list[Any], list[Any]]:
        """Return what ``serve`` waits for: what it reads from, and what it writes to."""
        readable, writable = self._bgpd.sockets()
        return readable + (self._partner.sockets() if self._partner else []), writable

    def facts(self) -> dict[str, Any]:
        """What the status shows, and the next monitor starts from."""
        wanted = self._bgpd.wanted
        return {
            "steering": {
                **self._steering.memory(),
                "bgpd": self._bgpd.trouble or "connected",
                "drain": self._drained_since is not None,
                "handed_over": self._handed_over,
                "applied": self._bgpd.applied_since is not None,
                **({"partner": self._partner.state} if self._partner else {}),
                "maps": {str(number): {"out": maps.outbound, "in": maps.inbound} for number, maps in wanted.items()},
            }
        }

    def _note_drain(self) -> None:
        if not state_file.is_drained(self._folder):
            self._drained_since, self._handed_over = None, False
        elif self._drained_since is None:
            self._drained_since = self._clock()

    def _hand_over(self) -> None:
        if self._drained_since is None:
            return
        now, applied_since = self._clock(), self._bgpd.applied_since
        settled = applied_since is not None and now - applied_since >= HAND_OVER_SECONDS
        self._handed_over |= settled or now - self._drained_since >= HAND_OVER_LONGEST_SECONDS

    def _decide(self) -> None:
        """Decide, once it is known which sessions are established and which tunnel AWS prefers."""
        established, meds = self._bgpd.established, self._bgpd.meds
        if self._states is None or established is None or meds is None:
            return
        master = state_file.read(self._folder / state_file.ROLE) == MASTER
        drained = self._drained_since is not None
        found = Findings(self._states, established, master, drained, self._clock(), *self._of_partner(), meds=meds)
        wanted = self._steering.decide(found)
        self._report(wanted, found)
        self._bgpd.attach(wanted)

    def _of_partner(self) -> tuple[int | None, int | None, bool]:
        if self._partner is None:
            return None, None, False
        self._partner_stale = self._partner.stale
        return self._partner_stale, self._partner.rank, self._partner.is_known

    def _reset_stalled(self) -> None:
        now = self._clock()
        for tunnel in self._tunnels:
            number = tunnel.number
            if number in (self._bgpd.established or ()) or (self._states or {}).get(number) != ALIVE:
                self._down_since.pop(number, None)
            elif now - self._down_since.setdefault(number, now) >= STALLED_SECONDS:
                self._down_since[number] = now
                self._log(
                    f"tunnel {number} has answered probes for {STALLED_SECONDS:g} s without a BGP session; "
                    "resetting the session"
                )
                self._run(["ip", "address", "replace", f"{tunnel.device_address}/30", "dev", tunnel.interface])
                self._bgpd.reset(tunnel)

    def _report(self, wanted: dict[int, Maps], found: Findings) -> None:
        for number, maps in wanted.items():
            if maps != self._bgpd.wanted.get(number, Maps()):
                state = f"probe {found.states[number]}" + ", BGP established" * (number in found.established)
                self._log(f"tunnel {number}: route-maps {maps.outbound} out, {maps.inbound} in ({state})")


def bgp_egress(settings: Settings, log: Callable[[str], None]) -> BgpEgress:
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
    bgpd = Bgpd(settings.tunnels, Vty(BGPD, OPENING, time.monotonic, log))
    other = pair.partner_address if pair else None
    partner = Partner(Link(settings.private_address, other), STALE_SECONDS) if other else None
    return BgpEgress(settings, bgpd, steering, log, handed_over=bool(memory.get("handed_over")), partner=partner)
