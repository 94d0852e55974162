"""The rules of a pair: the master's paths are shorter, and a drained device hands over its work cleanly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cgw_device import drain
from cgw_device.command_line import main

from tests.device.shapes import SHAPES
from tests.device.steering.steering_bench import BACKUP, LEFT, NORMAL, SHORTER, SHORTEST, Bench, alone

DRAINED = ("TO-AWS-LAST", "FROM-AWS-AVOIDED")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The active device, which has been master for a minute."""
    bench = Bench(tmp_path, SHAPES["dual-bgp-active"])
    bench.role("MASTER")
    bench.rounds(4)
    bench.seconds(60)
    assert bench.maps == (NORMAL, NORMAL)
    yield bench
    bench.bgpd.stop()


def drain_file(bench: Bench) -> Path:
    return bench.settings.state_folder / "drain"


def test_the_backup_announces_longer_paths_and_uses_its_own_tunnels(bench: Bench) -> None:
    bench.role("BACKUP")
    bench.rounds(2)
    assert bench.maps == (BACKUP, BACKUP)


@pytest.mark.parametrize("role", ["FAULT", "STOP", ""])
def test_a_device_outside_the_election_is_no_better_than_a_backup(bench: Bench, role: str) -> None:
    bench.role(role)
    bench.rounds(2)
    assert bench.maps == (BACKUP, BACKUP)


def test_a_new_master_announces_the_shortest_paths_for_a_while(bench: Bench) -> None:
    bench.role("BACKUP")
    bench.rounds(2)
    bench.role("MASTER")
    bench.rounds(2)
    # one more than the former master may have needed, had it lost one tunnel and then the other
    assert bench.maps == (SHORTER, SHORTER)
    bench.seconds(33)
    assert bench.maps == (SHORTER, SHORTER)
    bench.seconds(3)
    assert bench.maps == (NORMAL, NORMAL)


def test_a_new_master_that_loses_a_tunnel_outbids_itself(bench: Bench) -> None:
    bench.role("BACKUP")
    bench.rounds(2)
    bench.role("MASTER")
    bench.rounds(2)
    bench.answers(tunnel1=False)
    bench.rounds(5)
    assert bench.maps == (LEFT, SHORTEST)


def test_a_restarted_monitor_of_the_master_is_no_new_master(bench: Bench) -> None:
    bench.bgpd.orders.clear()
    bench.restart()
    bench.seconds(5)
    assert bench.bgpd.orders == []


def test_a_backup_with_a_dead_tunnel_does_not_outbid_the_master(bench: Bench) -> None:
    bench.role("BACKUP")
    bench.answers(tunnel1=False)
    bench.rounds(5)
    assert bench.maps == (LEFT, BACKUP)


def test_with_both_tunnels_dead_the_partner_is_used_and_the_election_left(bench: Bench) -> None:
    bench.answers(tunnel1=False, tunnel2=False)
    bench.rounds(4)
    assert bench.maps == (LEFT, LEFT)
    assert bench.leaves_election
    bench.rounds(20)
    assert [one["times"] for one in bench.published["steering"]["tunnels"].values()] == [1, 1]
    bench.answers(tunnel1=True, tunnel2=True)
    bench.rounds(12)
    assert bench.maps == (NORMAL, NORMAL)
    assert not bench.leaves_election


def test_a_device_whose_bgpd_ended_leaves_the_election_until_it_has_a_session_again(bench: Bench) -> None:
    bench.bgpd.stop()
    bench.rounds(2)
    assert bench.leaves_election
    bench.session(1, up=False)
    bench.session(2, up=False)
    bench.bgpd.start()
    bench.seconds(5)
    assert bench.leaves_election
    bench.session(1, up=True)
    bench.seconds(2)
    assert not bench.leaves_election


def test_a_bgpd_that_hangs_has_its_routes_still(bench: Bench) -> None:
    bench.bgpd.silent = True
    bench.seconds(30)
    assert not bench.leaves_election


def test_before_bgpd_has_begun_it_has_not_ended(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SHAPES["dual-bgp-active"])
    bench.bgpd.stop()
    bench.restart()
    bench.seconds(10)
    assert not bench.leaves_election


def test_a_drain_tells_aws_first_and_keepalived_two_seconds_later(bench: Bench) -> None:
    drain_file(bench).touch()
    bench.rounds(2)
    assert bench.maps == (DRAINED, DRAINED)
    assert not bench.leaves_election
    bench.seconds(2.4)
    assert bench.leaves_election
    assert bench.published["drained"]


def test_a_drain_does_not_wait_for_ever_for_a_bgpd_that_is_away(bench: Bench) -> None:
    bench.bgpd.silent = True
    drain_file(bench).touch()
    bench.seconds(9)
    assert not bench.leaves_election
    bench.seconds(2)
    assert bench.leaves_election


def test_a_monitor_restarted_on_a_drained_device_keeps_it_out_of_the_election(bench: Bench) -> None:
    drain_file(bench).touch()
    bench.seconds(4)
    bench.role("FAULT")
    bench.restart()
    assert bench.leaves_election
    bench.seconds(4)
    assert bench.leaves_election
    assert bench.maps == (DRAINED, DRAINED)


def test_an_undrained_device_is_the_backup(bench: Bench) -> None:
    drain_file(bench).touch()
    bench.seconds(4)
    bench.role("FAULT")
    drain_file(bench).unlink()
    bench.rounds(2)
    assert not bench.leaves_election
    assert bench.maps == (BACKUP, BACKUP)


def run_drain(bench: Bench, *, drained: bool, role: str | None) -> int:
    """Run the command while the monitor works and keepalived answers with a role."""

    def pass_time(_seconds: float) -> None:
        bench.rounds(1)
        if role and bench.leaves_election == drained:
            bench.role(role)

    return drain.run(bench.settings, drained=drained, sleep=pass_time, clock=bench.time)


def test_the_command_ends_when_the_work_is_given_away(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_drain(bench, drained=True, role="FAULT") == 0
    assert bench.maps == (DRAINED, DRAINED)
    assert run_drain(bench, drained=False, role="BACKUP") == 0
    assert not drain_file(bench).exists()
    assert "drained: this device has left the election" in capsys.readouterr().out


def test_the_command_says_when_keepalived_does_not_follow(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_drain(bench, drained=True, role=None) == 1
    assert "not finished after 30 s, VRRP role MASTER" in capsys.readouterr().out


def test_a_device_that_is_alone_cannot_be_drained(tmp_path: Path) -> None:
    bench = Bench(tmp_path, alone)
    with pytest.raises(SystemExit, match="'cgw' is not part of a pair"):
        drain.run(bench.settings, drained=True)
    bench.bgpd.stop()


@pytest.mark.parametrize(("called", "shown"), [("cgw", "drain"), ("cgw-status", "--json")])
def test_the_program_goes_by_the_name_under_which_it_was_called(
    called: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([called, "--help"])
    assert shown in capsys.readouterr().out
