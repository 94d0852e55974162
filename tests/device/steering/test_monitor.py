"""The tunnel monitor, probe by probe."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cgw_device.bgp_egress import bgp_egress
from cgw_device.egress import StaticEgress
from cgw_device.monitor import Monitor
from cgw_device.settings import Settings
from cgw_device.takeover import Takeover

from cdk_aws_vpn.device.configuration import render_files
from tests.device.shapes import SHAPES
from tests.device.steering.played_tunnels import PlayedTunnel, Time


class Bench:
    """A monitor with two played tunnels and the commands it ran."""

    def __init__(self, shape: str, state_folder: Path, follower: Takeover | None = None) -> None:
        values = json.loads(render_files(SHAPES[shape]())["/etc/cgw/device.json"])
        if values["pair"]:
            # the port is this computer's, for all tests at once
            values["pair"]["partner_address"] = None
        self.settings = replace(Settings.of(values), state_folder=state_folder)
        self.time = Time()
        self.tunnels: Any = {1: PlayedTunnel(self.time), 2: PlayedTunnel(self.time)}
        self.commands: list[str] = []
        self.logged: list[str] = []
        self.command_works = True
        self.egress = StaticEgress(self.settings, 1, self.run)
        routing = bgp_egress(self.settings, self.logged.append) if self.settings.routing == "bgp" else self.egress
        self.monitor = Monitor(
            self.settings, self.tunnels, routing, self.logged.append, clock=self.time, follower=follower
        )
        self.monitor.start()

    def run(self, command: list[str]) -> bool:
        self.commands.append(" ".join(command))
        return self.command_works

    def seconds(self, seconds: float) -> None:
        self.time.pass_by(seconds, self.monitor, self.tunnels)

    def keepalived(self, role: str) -> None:
        with (self.settings.state_folder / "keepalived").open("w") as pipe:
            pipe.write(f'INSTANCE "cgw" {role} 150\n')

    def file(self, name: str) -> str:
        return (self.settings.state_folder / name).read_text()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench("dual-tunnel", tmp_path)


def route(number: int) -> str:
    return f"ip route replace 10.50.0.0/16 dev ipsec{number} src 10.60.0.100 metric 50"


def test_traffic_leaves_a_tunnel_that_is_silent_for_three_quarters_of_a_second(bench: Bench) -> None:
    bench.seconds(1.5)
    bench.tunnels[1].answers = False
    bench.seconds(0.6)
    assert bench.commands == [route(1)]
    bench.seconds(0.3)
    assert bench.commands == [route(1), route(2)]
    assert bench.logged[-1] == "tunnel 1 is dead (was alive)"


def test_a_lost_standby_tunnel_moves_nothing(bench: Bench) -> None:
    bench.seconds(0.6)
    bench.tunnels[2].answers = False
    bench.seconds(9)
    assert bench.commands == [route(1)]


def test_a_recovered_tunnel_is_noted_but_gets_no_traffic_back(bench: Bench) -> None:
    bench.seconds(0.3)
    bench.tunnels[1].answers = False
    bench.seconds(0.9)
    bench.tunnels[1].answers = True
    bench.seconds(15)
    assert bench.commands == [route(1), route(2)]
    assert bench.monitor.states == {1: "alive", 2: "alive"}


def test_routes_are_set_again_when_pluto_made_the_interface_anew(bench: Bench) -> None:
    bench.seconds(0.6)
    bench.tunnels[1].interface_index = 12
    bench.seconds(0.6)
    assert bench.commands == [route(1), route(1)]


def test_routes_that_could_not_be_set_are_tried_again(bench: Bench) -> None:
    bench.command_works = False
    bench.tunnels[1].interface_index = 12
    bench.seconds(0.9)
    bench.command_works = True
    bench.seconds(0.9)
    # at the start, in vain in every round of 0.9 s, and once more
    assert bench.commands == [route(1)] * 7 or bench.commands == [route(1)] * 6
    settled = len(bench.commands)
    bench.seconds(5)
    assert len(bench.commands) == settled


def test_nothing_is_routed_into_an_interface_that_is_not_there(bench: Bench) -> None:
    bench.tunnels[1].interface_index = 0
    bench.egress.current, bench.commands = 1, []
    bench.seconds(0.9)
    assert bench.commands == []


def test_a_tunnel_that_answers_gets_five_probes_a_second(bench: Bench) -> None:
    bench.seconds(10)
    assert all(prober.sent in (50, 51) for prober in bench.tunnels.values())


def test_a_restarted_monitor_remembers_what_was_dead_and_where_traffic_goes(tmp_path: Path) -> None:
    before = Bench("dual-tunnel", tmp_path)
    before.seconds(0.3)
    before.tunnels[1].answers = False
    before.seconds(0.9)
    after = Bench("dual-tunnel", tmp_path)
    after.egress.current = json.loads(after.file("tunnels.json"))["egress"]
    assert after.monitor.states == {1: "dead", 2: "alive"}
    after.seconds(1.5)
    assert after.commands == [route(2)]


def test_keepalived_is_told_when_all_tunnels_that_worked_are_dead(tmp_path: Path) -> None:
    bench = Bench("dual-static-active", tmp_path)
    assert bench.file("tunnels-dead") == "0\n"
    bench.seconds(0.3)
    bench.tunnels[1].answers = bench.tunnels[2].answers = False
    bench.seconds(0.9)
    assert bench.file("tunnels-dead") == "1\n"
    bench.tunnels[2].answers = True
    bench.seconds(2.7)
    assert bench.file("tunnels-dead") == "1\n"
    bench.seconds(0.5)
    assert bench.file("tunnels-dead") == "0\n"


def test_tunnels_that_never_answered_are_no_reason_to_give_up(tmp_path: Path) -> None:
    bench = Bench("dual-static-active", tmp_path)
    bench.tunnels[1].answers = bench.tunnels[2].answers = False
    bench.seconds(15)
    assert bench.file("tunnels-dead") == "0\n"


def test_in_a_cluster_the_device_that_lost_the_address_may_be_elected_again(tmp_path: Path) -> None:
    (tmp_path / "vrrp").write_text("MASTER\n")
    bench = Bench("cluster-active", tmp_path)
    bench.seconds(0.3)
    bench.tunnels[1].answers = bench.tunnels[2].answers = False
    bench.seconds(0.9)
    assert bench.file("tunnels-dead") == "1\n"
    bench.keepalived("FAULT")
    bench.seconds(0.3)
    assert bench.file("tunnels-dead") == "0\n"
    assert bench.monitor.states == {1: "unknown", 2: "unknown"}


def test_with_bgp_the_routes_are_left_to_frr(tmp_path: Path) -> None:
    bench = Bench("dual-bgp-active", tmp_path)
    bench.seconds(0.3)
    bench.tunnels[1].answers = False
    bench.seconds(1.5)
    assert bench.commands == []
    assert bench.monitor.states == {1: "dead", 2: "alive"}


def test_a_device_without_probes_has_nothing_to_monitor(tmp_path: Path) -> None:
    settings = replace(Bench("dual-tunnel", tmp_path).settings, probe=None)
    with pytest.raises(SystemExit, match="no probe"):
        Monitor(settings, {}, StaticEgress(settings, 1, lambda _: True), print)


class Follower:
    """Takes down the roles."""

    def __init__(self) -> None:
        self.roles: list[str] = []
        self.known: list[str] = []

    def follow(self, role: str, *, known: bool = False) -> None:
        self.roles.append(role)
        self.known += [role] * known


def test_a_change_of_role_is_followed_at_once_and_written_down(tmp_path: Path) -> None:
    follower: Any = Follower()
    bench = Bench("dual-bgp-active", tmp_path, follower)
    bench.keepalived("BACKUP")
    bench.keepalived("MASTER")
    bench.monitor.step()
    assert follower.roles == ["", "MASTER"]
    assert "MASTER" not in follower.known, "a new master does not look first"
    assert bench.file("vrrp") == "MASTER\n"


def test_a_restarted_monitor_takes_over_again_what_it_should_have(tmp_path: Path) -> None:
    Bench("dual-bgp-active", tmp_path).keepalived("MASTER")
    first: Any = Follower()
    second: Any = Follower()
    Bench("dual-bgp-active", tmp_path, first)
    Bench("dual-bgp-active", tmp_path, second)
    assert (first.roles, first.known) == (["MASTER"], []), "the message came while no monitor ran"
    assert (second.roles, second.known) == (["MASTER"], ["MASTER"])


def test_a_monitor_waits_for_keepalived_too(tmp_path: Path) -> None:
    bench = Bench("dual-bgp-active", tmp_path)
    bench.time.now = bench.monitor.due - 30
    bench.keepalived("MASTER")
    started = time.monotonic()
    bench.monitor.wait()
    assert time.monotonic() - started < 5
