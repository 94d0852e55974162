"""Probes the tunnels several times per second; the routes, keepalived and the takeover follow the results."""

from __future__ import annotations

import json
import select
import time
from typing import Any, Callable

from cgw_device import state_file
from cgw_device.bgp_egress import bgp_egress
from cgw_device.egress import Egress, StaticEgress
from cgw_device.egress import run as run_command
from cgw_device.health import UNKNOWN, TunnelHealth, all_dead
from cgw_device.icmp import Prober
from cgw_device.keepalived import MASTER, Keepalived
from cgw_device.settings import Settings
from cgw_device.takeover import Takeover, takeover

Clock = Callable[[], float]


class Monitor:
    """Probes every tunnel once per round; in between evaluates answers, and probes more often if one is overdue."""

    def __init__(
        self,
        settings: Settings,
        probers: dict[int, Prober],
        egress: Egress,
        log: Callable[[str], None],
        *,
        clock: Clock = time.monotonic,
        follower: Takeover | None = None,
    ) -> None:
        if settings.probe is None:
            raise SystemExit("monitor: device.json has no probe; nothing to do")
        self._settings = settings
        self._probers = probers
        self._egress = egress
        self._log = log
        self._clock = clock
        self._takeover = follower
        self._keepalived = Keepalived(settings.state_folder) if settings.pair else None
        self._interval = settings.probe.interval_milliseconds / 1000
        self._round_at = 0.0
        self._file = settings.state_folder / state_file.TUNNELS
        self._dead_file = settings.state_folder / state_file.TUNNELS_DEAD
        remembered = state_file.read_json(self._file)
        earlier, patience = remembered.get("states", {}), remembered.get("patience_seconds", {})
        silence, recoveries = settings.probe.silence_milliseconds / 1000, settings.probe.recoveries
        # a restart of the monitor changes nothing about a tunnel: a dead one stays dead until it has answered
        self._health = {
            number: TunnelHealth(
                silence, recoveries, earlier.get(str(number), UNKNOWN), float(patience.get(str(number), 0))
            )
            for number in probers
        }
        self._published = ""

    @property
    def states(self) -> dict[int, str]:
        """The state of each tunnel by its number."""
        return {number: health.state for number, health in self._health.items()}

    @property
    def due(self) -> float:
        """When the next step is due, if nothing is received before."""
        return min(self._round_at, *(health.insist_at for health in self._health.values()))

    def start(self) -> None:
        """Publish what is known, take what a master must hold, and send the first probes."""
        self._publish()
        if self._keepalived:
            role = self._keepalived.role
            self._keepalived.renew()
            self._keepalived.receive()
            if self._takeover:
                self._takeover.follow(self._keepalived.role, known=role == self._keepalived.role)
        self._round_at = self._clock()
        self.step()

    def step(self) -> None:
        """Evaluate what was received, act on it, and send the probes that are due."""
        now = self._clock()
        before = self.states
        news = self._receive_role()
        self._evaluate(now)
        round_is_over = now >= self._round_at
        if round_is_over:
            self._close_round(now)
        for number, state in self.states.items():
            if state != before[number]:
                self._log(f"tunnel {number} is {state} (was {before[number]}){self._rarely(number)}")
                news = True
        if news or round_is_over:
            indexes = {number: prober.interface_index for number, prober in self._probers.items()}
            self._egress.follow(self.states, indexes)
            self._publish()
        self._probe(now, everywhere=round_is_over)

    def wait(self) -> None:
        """Wait until something is due or received; serve the egress in the meantime."""
        readable, writable = self._egress.sockets()
        own: list[Any] = [] if self._keepalived is None else self._keepalived.sockets()
        own += [prober.socket for prober in self._probers.values() if prober.socket is not None]
        ready = select.select([*readable, *own], writable, [], max(0.0, self.due - self._clock()))
        if any(one in readable for one in ready[0]) or ready[1]:
            self._egress.serve()

    def _receive_role(self) -> bool:
        if self._keepalived is None or not self._keepalived.receive():
            return False
        self._log(f"keepalived: the role of this device is {self._keepalived.role}")
        if self._takeover:
            self._takeover.follow(self._keepalived.role)
        return True

    def _evaluate(self, now: float) -> None:
        takes_part = self._takes_part()
        for number, health in self._health.items():
            for sent_at in self._probers[number].receive():
                health.answered(now, sent_at)
            if takes_part:
                health.evaluate(now)
            else:
                health.forget()

    def _close_round(self, now: float) -> None:
        # after a pause of the whole machine, continue from now, without a burst of rounds to catch up
        self._round_at = max(self._round_at + self._interval, now + self._interval / 2)
        for health in self._health.values():
            health.round()
        if self._keepalived:
            self._keepalived.renew()

    def _takes_part(self) -> bool:
        """Whether this device should have tunnels: in a cluster only the master has."""
        return not self._settings.is_cluster or self._keepalived is None or self._keepalived.role == MASTER

    def _probe(self, now: float, *, everywhere: bool) -> None:
        for number, health in self._health.items():
            if health.is_due(now, everywhere=everywhere):
                self._probers[number].send(now)
                health.sent(now)

    def _rarely(self, number: int) -> str:
        seconds = self._health[number].patience_seconds
        return f"; AWS answers only some pings, so it is dead after {seconds:g} s of silence" if seconds else ""

    def _publish(self) -> None:
        states = {str(number): state for number, state in self.states.items()}
        drained, routeless = self._egress.hands_over, self._egress.has_no_routes
        leaves = all_dead(list(states.values())) or drained or routeless
        facts = {"states": states, "drained": drained, "has_no_routes": routeless, **self._egress.facts()}
        patience = {number: health.patience_seconds for number, health in self._health.items()}
        if any(patience.values()):
            facts["patience_seconds"] = {str(number): seconds for number, seconds in patience.items() if seconds}
        text = json.dumps(facts) + "\n"
        if text != self._published:
            state_file.replace(self._file, text)
            state_file.overwrite(self._dead_file, f"{int(leaves)}\n")
            self._published = text


def run(settings: Settings) -> int:
    """Probe until stopped."""
    probers = {
        tunnel.number: Prober(tunnel.interface, tunnel.device_address, tunnel.aws_address)
        for tunnel in settings.tunnels
    }
    monitor = Monitor(settings, probers, _egress(settings, probers), print, follower=takeover(settings, print))
    monitor.start()
    while True:
        monitor.wait()
        monitor.step()


def _egress(settings: Settings, probers: dict[int, Prober]) -> Egress:
    if settings.routing == "bgp":
        return bgp_egress(settings, print)
    earlier = state_file.read_json(settings.state_folder / state_file.TUNNELS).get("egress")
    return StaticEgress(settings, earlier if earlier in probers else min(probers), run_command)
