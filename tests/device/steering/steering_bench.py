"""A monitor between played tunnels and a played bgpd, on a clock that the test moves."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cgw_device import state_file
from cgw_device.bgp_egress import BgpEgress
from cgw_device.bgpd import OPENING, Bgpd
from cgw_device.monitor import Monitor
from cgw_device.partner import Partner
from cgw_device.settings import Settings
from cgw_device.steering import STALE_SECONDS, Steering
from cgw_device.vty import Vty

from cdk_aws_vpn.device.configuration import DeviceConfig, render_files
from tests.device.shapes import BGP, dual_tunnel
from tests.device.steering.fake_bgpd import FakeBgpd
from tests.device.steering.played_tunnels import PlayedTunnel, Time

AWS_ADDRESSES = {1: "169.254.11.1", 2: "169.254.12.1"}
DEVICE_ADDRESSES = {1: "169.254.11.2", 2: "169.254.12.2"}
NORMAL = ("TO-AWS", "FROM-AWS")
LEFT = ("TO-AWS-LAST", "FROM-AWS-AVOIDED")
PREFERRED = ("TO-AWS-PREFERRED", "FROM-AWS")
SHORTER = ("TO-AWS-PREFERRED-2", "FROM-AWS")
SHORTEST = ("TO-AWS-PREFERRED-3", "FROM-AWS")
BACKUP = ("TO-AWS-BACKUP", "FROM-AWS")
ROUND = 0.3
ROUTES = """\
Iface   Destination     Gateway         Flags   RefCnt  Use     Metric  Mask            MTU     Window  IRTT
ens5    00000000        01003C0A        0003    0       0       0       00000000        0       0       0
ipsec1  000032AC        010BFEA9        0003    0       0       20      0000FFFF        0       0       0
ipsec1  0001320A        010BFEA9        0003    0       0       20      00FFFFFF        0       0       0
ipsec1  000BFEA9        00000000        0001    0       0       0       FCFFFFFF        0       0       0
"""


def alone() -> DeviceConfig:
    return replace(dual_tunnel(), bgp=BGP)


class Bench:
    """One device; ``restart`` gives it a new monitor with the state files of the old."""

    def __init__(
        self, folder: Path, device: Callable[..., DeviceConfig] = alone, link: socket.socket | None = None
    ) -> None:
        values = json.loads(render_files(device())["/etc/cgw/device.json"])
        self.settings = replace(Settings.of(values), state_folder=folder)
        self.time = Time()
        self.tunnels: Any = {number: PlayedTunnel(self.time) for number in AWS_ADDRESSES}
        self.bgpd = FakeBgpd(folder / "bgpd.vty", *AWS_ADDRESSES.values())
        self.logged: list[str] = []
        self.ran: list[str] = []
        self.vty: Vty | None = None
        self.link = link
        self.kernel_routes = folder / "route"
        self.kernel_routes.write_text(ROUTES)
        self.restart()

    def restart(self) -> None:
        if self.vty:
            self.vty.close()
        memory = state_file.read_json(self.settings.state_folder / state_file.TUNNELS).get("steering", {})
        pair = self.settings.pair
        steering = Steering(
            [1, 2],
            paired=pair is not None,
            memory=memory,
            timestamp=lambda: f"T{self.time.now:g}",
            active_active=pair is not None and pair.active_active,
        )
        partner = Partner(self.link, STALE_SECONDS, self.time) if self.link else None
        self.vty = Vty(self.bgpd.path, OPENING, self.time, self.logged.append)
        handed_over = bool(memory.get("handed_over"))
        self.egress = BgpEgress(
            self.settings,
            Bgpd(self.settings.tunnels, self.vty, clock=self.time, kernel_routes=self.kernel_routes),
            steering,
            self.logged.append,
            clock=self.time,
            handed_over=handed_over,
            partner=partner,
            run=self._ran,
        )
        self.monitor = Monitor(self.settings, self.tunnels, self.egress, self.logged.append, clock=self.time)
        self.monitor.start()

    def rounds(self, count: int) -> None:
        self.seconds(count * ROUND)

    def step(self, seconds: float) -> None:
        self.silently(seconds)
        for _ in range(30):
            self.egress.serve()
            self.bgpd.serve()

    def silently(self, seconds: float) -> None:
        """Let time pass in which bgpd does nothing."""
        self.time.pass_by(seconds, self.monitor, self.tunnels)

    def seconds(self, seconds: float) -> None:
        while seconds > 0:
            self.step(min(seconds, ROUND))
            seconds -= ROUND

    def answers(self, **tunnels: bool) -> None:
        for name, answers in tunnels.items():
            self.tunnels[int(name[-1])].answers = answers

    def session(self, number: int, *, up: bool) -> None:
        (self.bgpd.established.add if up else self.bgpd.established.discard)(AWS_ADDRESSES[number])

    def _ran(self, command: list[str]) -> bool:
        self.ran.append(" ".join(command))
        return True

    def preference(self, med1: int, med2: int) -> None:
        """Let AWS announce with these MEDs: the lower is what it wants to be used."""
        self.bgpd.meds = {AWS_ADDRESSES[1]: med1, AWS_ADDRESSES[2]: med2}

    def role(self, role: str) -> None:
        (self.settings.state_folder / "vrrp").write_text(f"{role}\n")

    @property
    def maps(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """What bgpd runs for tunnel 1 and tunnel 2."""
        return self.bgpd.maps(AWS_ADDRESSES[1]), self.bgpd.maps(AWS_ADDRESSES[2])

    @property
    def published(self) -> dict[str, Any]:
        return state_file.read_json(self.settings.state_folder / state_file.TUNNELS)

    @property
    def leaves_election(self) -> bool:
        return state_file.read(self.settings.state_folder / state_file.TUNNELS_DEAD) == "1"
