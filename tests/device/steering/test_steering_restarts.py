"""No matter which program restarts, a dead tunnel stays unused and a healthy one is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.steering.steering_bench import AWS_ADDRESSES, LEFT, NORMAL, PREFERRED, SHORTER, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Tunnel 1 is dead and left."""
    bench = Bench(tmp_path)
    bench.rounds(4)
    bench.answers(tunnel1=False)
    bench.rounds(4)
    assert bench.maps == (LEFT, PREFERRED)
    bench.bgpd.orders.clear()
    yield bench
    bench.bgpd.stop()


def test_a_restarted_monitor_changes_nothing_about_a_dead_tunnel(bench: Bench) -> None:
    bench.restart()
    bench.seconds(20)
    assert bench.bgpd.orders == []
    assert bench.maps == (LEFT, PREFERRED)
    assert bench.published["steering"]["tunnels"]["1"]["times"] == 1


def test_a_restarted_monitor_ends_the_steering_of_a_tunnel_that_answers_again(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.restart()
    bench.rounds(9)
    assert bench.maps == (LEFT, PREFERRED)
    bench.rounds(2)
    assert bench.maps == (NORMAL, NORMAL)


def test_a_restarted_monitor_knows_how_often_a_tunnel_has_flapped(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.seconds(5)
    bench.restart()
    bench.answers(tunnel1=False)
    bench.rounds(4)
    bench.restart()
    bench.answers(tunnel1=True)
    bench.seconds(10)
    assert bench.maps[0] == LEFT
    bench.seconds(5)
    assert bench.maps[0] == NORMAL


def test_steering_that_nobody_remembers_is_ended_when_the_tunnels_are_healthy(bench: Bench) -> None:
    (bench.settings.state_folder / "tunnels.json").unlink()
    bench.answers(tunnel1=True)
    bench.restart()
    bench.rounds(3)
    assert bench.maps == (NORMAL, NORMAL)


@pytest.mark.parametrize("remembered", ['{"steering": {"tunnels": {"1": {"unheard": "of"}}}}', "half a fi", "[]"])
def test_a_monitor_starts_with_a_state_file_that_it_does_not_understand(bench: Bench, remembered: str) -> None:
    (bench.settings.state_folder / "tunnels.json").write_text(remembered)
    bench.answers(tunnel1=True)
    bench.restart()
    bench.rounds(3)
    assert bench.maps == (NORMAL, NORMAL)


def test_a_restarted_bgpd_is_told_again(bench: Bench) -> None:
    bench.bgpd.stop()
    bench.rounds(3)
    bench.bgpd.start()
    bench.rounds(4)
    assert bench.maps == (LEFT, PREFERRED)


def test_a_restarted_bgpd_is_told_when_its_sessions_are_not_up_yet(bench: Bench) -> None:
    bench.bgpd.stop()
    bench.rounds(3)
    bench.bgpd.established.clear()
    bench.bgpd.start()
    bench.rounds(4)
    assert bench.maps[0] == LEFT
    bench.session(2, up=True)
    bench.rounds(5)
    assert bench.maps == (LEFT, PREFERRED)


def test_a_tunnel_that_dies_while_bgpd_is_away_is_left_when_it_is_back(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.seconds(5)
    bench.bgpd.stop()
    bench.answers(tunnel2=False)
    bench.rounds(10)
    bench.bgpd.start()
    bench.rounds(5)
    assert bench.maps == (PREFERRED, LEFT)


def test_orders_that_somebody_undid_are_given_again(bench: Bench) -> None:
    bench.bgpd.running.clear()
    bench.seconds(4)
    assert bench.maps == (LEFT, PREFERRED)


def test_steering_that_somebody_else_did_is_undone(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.seconds(5)
    bench.bgpd.running[AWS_ADDRESSES[2], "in"] = "FROM-AWS-AVOIDED"
    bench.seconds(4)
    assert bench.maps == (NORMAL, NORMAL)


def test_a_refused_order_is_given_again(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.bgpd.refuses = "neighbor"
    bench.seconds(6)
    assert bench.maps == (LEFT, PREFERRED)
    bench.bgpd.refuses = ""
    bench.seconds(4)
    assert bench.maps == (NORMAL, NORMAL)
    assert any("refused with code 2" in line for line in bench.logged)


def test_a_bgpd_that_hangs_does_not_stop_the_probes(bench: Bench) -> None:
    bench.bgpd.silent = True
    bench.answers(tunnel1=True, tunnel2=False)
    bench.rounds(12)
    assert bench.monitor.states == {1: "alive", 2: "dead"}
    assert "within 2 s" in bench.published["steering"]["bgpd"]
    bench.bgpd.silent = False
    bench.rounds(8)
    # tunnel 2 was preferred while tunnel 1 was dead
    assert bench.maps == (SHORTER, LEFT)


def test_the_intent_is_written_down_before_it_is_carried_out(bench: Bench) -> None:
    bench.answers(tunnel1=True)
    bench.seconds(5)
    bench.bgpd.silent = True
    bench.answers(tunnel2=False)
    bench.silently(0.9)
    assert bench.bgpd.maps(AWS_ADDRESSES[2]) == NORMAL
    written = json.loads((bench.settings.state_folder / "tunnels.json").read_text())
    assert written["steering"]["tunnels"]["2"]["left"]
