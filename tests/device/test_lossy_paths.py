"""A path that loses packets is still a path; one that has ended is found all the same."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cgw_device.egress import StaticEgress
from cgw_device.monitor import INSIST_SECONDS, Monitor
from cgw_device.settings import Settings

from cdk_aws_vpn.device_config import render_files
from tests.device.shapes import SHAPES

TICKS = round(0.3 / INSIST_SECONDS)


class LossyTunnel:
    """Loses probes and answers at random; those that pass come back after some ticks."""

    interface_index = 7

    def __init__(self, loss: float, ticks: int, seed: int) -> None:
        self.loss = loss
        self.sent = 0
        self._ticks = ticks
        self._random = random.Random(seed)  # noqa: S311
        self._due: list[int] = []
        self.now = 0

    def send(self) -> bool:
        self.sent += 1
        if self._random.random() >= self.loss:
            self._due.append(self.now + self._ticks + self._random.randint(-2, 2))
        return True

    def heard(self) -> bool:
        before = len(self._due)
        self._due = [due for due in self._due if due > self.now]
        return len(self._due) < before


class LossyPath:
    """A monitor on a device with one lossy tunnel."""

    def __init__(self, folder: Path, loss: float, ticks: int, seed: int) -> None:
        values = json.loads(render_files(SHAPES["dual-tunnel"]())["/etc/cgw/device.json"])
        settings = replace(Settings.of(values), state_folder=folder)
        self.tunnel = LossyTunnel(loss, ticks, seed)
        tunnels: Any = {1: self.tunnel, 2: LossyTunnel(0.0, 1, seed)}
        self.tunnels = tunnels
        self.said: list[str] = []
        self.monitor = Monitor(settings, tunnels, StaticEgress(settings, 1, lambda _: True), self.said.append)
        self.monitor.start()

    def seconds(self, seconds: float, *, insist: bool = True) -> None:
        for tick in range(1, round(seconds / INSIST_SECONDS) + 1):
            for tunnel in self.tunnels.values():
                tunnel.now += 1
            if tick % TICKS == 0:
                self.monitor.round()
            elif insist:
                self.monitor.insist()


# one in five lost each way is 36 % of the probes; 8 and 16 ticks are 200 and 400 ms
@pytest.mark.parametrize(("loss", "ticks"), [(0.2, 8), (0.36, 8), (0.36, 16)])
def test_half_an_hour_of_losses_is_no_dead_tunnel(tmp_path: Path, loss: float, ticks: int) -> None:
    path = LossyPath(tmp_path, loss, ticks, seed=20)
    path.seconds(1800)
    assert not any("dead" in line for line in path.said)
    path.tunnel.loss = 1.0
    # the answers on their way, the round in which it ends, and three rounds of silence
    path.seconds(INSIST_SECONDS * (ticks + 2) + 0.3 + 0.9)
    assert path.said[-1] == "tunnel 1 is dead (was alive)"


def test_without_insisting_the_same_losses_would_be_taken_for_a_dead_tunnel(tmp_path: Path) -> None:
    path = LossyPath(tmp_path, 0.36, 8, seed=20)
    path.seconds(120, insist=False)
    assert any("dead" in line for line in path.said)


def test_a_tunnel_that_answers_gets_one_probe_a_round(tmp_path: Path) -> None:
    path = LossyPath(tmp_path, 0.0, 1, seed=1)
    path.seconds(30)
    assert path.tunnel.sent == 101
