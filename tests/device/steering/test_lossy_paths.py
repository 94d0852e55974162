"""A path that loses packets, or becomes slow, is still a path; one that has ended is found all the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cgw_device.egress import StaticEgress
from cgw_device.monitor import Monitor
from cgw_device.settings import Settings

from cdk_aws_vpn.device.configuration import render_files
from tests.device.shapes import SHAPES
from tests.device.steering.played_tunnels import PlayedTunnel, Time

# one in five lost each way
LOSS = 0.36


def lossy(seconds: float, spread: float, seed: int, loss: float = LOSS) -> Callable[[], float | None]:
    """A path on which an answer takes so long, more or less, if it comes."""
    chance = random.Random(seed)  # noqa: S311

    def path() -> float | None:
        # both ways vary for themselves
        jitter = chance.uniform(-spread / 2, spread / 2) + chance.uniform(-spread / 2, spread / 2)
        return None if chance.random() < loss else max(0.001, seconds + jitter)

    return path


class LossyPath:
    """A monitor on a device with one tunnel that the test spoils."""

    def __init__(self, folder: Path) -> None:
        values = json.loads(render_files(SHAPES["dual-tunnel"]())["/etc/cgw/device.json"])
        self.settings = replace(Settings.of(values), state_folder=folder)
        self.time = Time()
        self.tunnel = PlayedTunnel(self.time)
        tunnels: Any = {1: self.tunnel, 2: PlayedTunnel(self.time)}
        self.tunnels = tunnels
        self.logged: list[str] = []
        self.monitor = self.new_monitor()
        self.seconds(10)

    def new_monitor(self) -> Monitor:
        egress = StaticEgress(self.settings, 1, lambda _: True)
        monitor = Monitor(self.settings, self.tunnels, egress, self.logged.append, clock=self.time)
        monitor.start()
        return monitor

    def seconds(self, seconds: float) -> None:
        self.time.pass_by(seconds, self.monitor, self.tunnels)

    def deaths(self) -> int:
        return sum("is dead (" in line for line in self.logged)

    def time_to_find_a_cut(self, limit: float = 3.0) -> float:
        self.tunnel.answers = False
        cut_at = self.time.now
        while self.monitor.states[1] != "dead":
            self.seconds(0.01)
            assert self.time.now - cut_at < limit
        return self.time.now - cut_at


# the time and its spread there and back; 200 ms +- 50 on one way, and on both
@pytest.mark.parametrize(("seconds", "spread"), [(0.001, 0.0), (0.2, 0.05), (0.4, 0.1)])
@pytest.mark.parametrize("loss", [0.0, 0.2, LOSS])
def test_half_an_hour_of_losses_and_delays_is_no_dead_tunnel(
    tmp_path: Path, seconds: float, spread: float, loss: float
) -> None:
    path = LossyPath(tmp_path)
    path.tunnel.path = lossy(seconds, spread, 20, loss)
    path.seconds(1800)
    assert path.deaths() == 0
    took = path.time_to_find_a_cut()
    print(f"found after {took:.2f} s")
    assert took < (0.77 if seconds < 0.1 else 1.3)


@pytest.mark.parametrize(("seconds", "spread"), [(0.2, 0.05), (0.4, 0.1)])
def test_a_path_that_becomes_slow_and_lossy_all_at_once_is_not_dead(
    tmp_path: Path, seconds: float, spread: float
) -> None:
    path = LossyPath(tmp_path)
    good = path.tunnel.path
    for number in range(1000):
        path.tunnel.path = lossy(seconds, spread, number)
        path.seconds(3 + number % 7 / 30)
        path.tunnel.path = good
        path.seconds(5 + number % 11 / 50)
    assert path.deaths() == 0


def test_a_cut_is_found_in_time_whenever_it_happens(tmp_path: Path) -> None:
    path = LossyPath(tmp_path)
    found = []
    for number in range(40):
        path.seconds(number / 100)
        found.append(path.time_to_find_a_cut())
        path.tunnel.answers = True
        path.seconds(10)
    print(f"found after {min(found):.2f} to {max(found):.2f} s")
    assert max(found) <= 0.77
    assert min(found) >= 0.54


def test_a_dead_path_that_is_lossy_when_it_returns_is_used_again(tmp_path: Path) -> None:
    path = LossyPath(tmp_path)
    path.time_to_find_a_cut()
    path.tunnel.answers = True
    path.tunnel.path = lossy(0.01, 0.0, 7)
    path.seconds(20)
    assert path.monitor.states[1] == "alive"


def test_a_monitor_that_could_not_run_for_a_while_does_not_blame_the_tunnel(tmp_path: Path) -> None:
    path = LossyPath(tmp_path)
    for _ in range(50):
        path.tunnel.send(path.time.now)
        path.time.now += 2.0
        path.monitor.step()
        path.seconds(1.0)
    assert path.deaths() == 0
