"""Probes the tunnels several times a second and lets the routes and keepalived follow."""

from __future__ import annotations

import json
import select
import time
from typing import Callable

from cgw_device import state_file
from cgw_device.bgp_egress import bgp_egress
from cgw_device.egress import Egress, StaticEgress
from cgw_device.egress import run as run_command
from cgw_device.health import UNKNOWN, TunnelHealth, all_dead
from cgw_device.icmp import Prober
from cgw_device.settings import Settings

# A tunnel that owes an answer gets a probe this often, so that a path that loses one packet in five is not taken for
# dead: all that is sent in three rounds must be lost.
INSIST_SECONDS = 0.025


class Monitor:
    """One round probes every tunnel once and judges the round before."""

    def __init__(
        self, settings: Settings, probers: dict[int, Prober], egress: Egress, say: Callable[[str], None]
    ) -> None:
        if settings.probe is None:
            raise SystemExit("monitor: device.json has no probe; nothing to do")
        self._settings = settings
        self._probers = probers
        self._egress = egress
        self._say = say
        self._file = settings.state_folder / state_file.TUNNELS
        self._dead_file = settings.state_folder / state_file.TUNNELS_DEAD
        earlier = state_file.read_json(self._file).get("states", {})
        # a restart of the monitor is no news about a tunnel: a dead one stays dead until it has answered
        self._health = {
            number: TunnelHealth(settings.probe.failures, settings.probe.recoveries, earlier.get(str(number), UNKNOWN))
            for number in probers
        }
        self._published = ""

    @property
    def states(self) -> dict[int, str]:
        """The state of each tunnel by its number."""
        return {number: health.state for number, health in self._health.items()}

    def start(self) -> None:
        """Publish what is known and send the first probes."""
        self._publish()
        self._probe()

    def round(self) -> None:
        """Judge the probes of the last round, act, and send the next ones."""
        for number, health in self._health.items():
            before = health.state
            # any answer counts: a path slower than one round is still a path
            if self._probers[number].heard():
                health.answered()
            elif self._takes_part():
                health.missed()
            else:
                health.forget()
            if health.state != before:
                self._say(f"tunnel {number} is {health.state} (was {before})")
        self._egress.follow(self.states, {number: prober.interface_index for number, prober in self._probers.items()})
        self._publish()
        self._probe()

    def insist(self) -> None:
        """Probe once more where an answer is missing: one lost packet says little, and many say the same."""
        for number, health in self._health.items():
            if health.is_suspect:
                self._probers[number].send()

    def _takes_part(self) -> bool:
        """In a cluster only the master has tunnels; on the other device their silence is as it should be."""
        if not self._settings.is_cluster:
            return True
        return state_file.read(self._settings.state_folder / state_file.ROLE) == "MASTER"

    def _probe(self) -> None:
        for prober in self._probers.values():
            prober.send()

    def _publish(self) -> None:
        states = {str(number): state for number, state in self.states.items()}
        leaves = all_dead(list(states.values())) or self._egress.hands_over
        text = json.dumps({"states": states, "drained": self._egress.hands_over, **self._egress.facts()}) + "\n"
        if text != self._published:
            state_file.write(self._file, text)
            state_file.write(self._dead_file, f"{int(leaves)}\n")
            self._published = text


def run(settings: Settings) -> int:
    """Probe until stopped."""
    probers = {
        tunnel.number: Prober(tunnel.interface, tunnel.near_address, tunnel.far_address) for tunnel in settings.tunnels
    }
    egress = _egress(settings, probers)
    monitor = Monitor(settings, probers, egress, print)
    monitor.start()
    interval = settings.probe.interval_milliseconds / 1000 if settings.probe else 1.0
    due = time.monotonic() + interval
    while True:
        wait(monitor, egress, due)
        monitor.round()
        # after a pause of the whole machine, go on from now: no burst of rounds to catch up
        due = max(due + interval, time.monotonic() + interval / 2)


def wait(monitor: Monitor, egress: Egress, due: float) -> None:
    """Serve the egress until the next round is due, and insist on an answer meanwhile."""
    insist_at = time.monotonic() + INSIST_SECONDS
    while True:
        now = time.monotonic()
        readable, writable = egress.sockets()
        ready = select.select(readable, writable, [], max(0.0, min(due, insist_at) - now))
        if now >= due:
            return
        if now >= insist_at:
            monitor.insist()
            insist_at = now + INSIST_SECONDS
        if ready[0] or ready[1]:
            egress.serve()


def _egress(settings: Settings, probers: dict[int, Prober]) -> Egress:
    if settings.routing == "bgp":
        return bgp_egress(settings, print)
    earlier = state_file.read_json(settings.state_folder / state_file.TUNNELS).get("egress")
    return StaticEgress(settings, earlier if earlier in probers else min(probers), run_command)
