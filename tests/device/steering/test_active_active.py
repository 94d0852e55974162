"""Two active devices: equal paths while all is well, and shorter ones over all good tunnels when one is dead."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from cgw_device.partner import Link, Partner
from cgw_device.steering import STALE_SECONDS

from tests.device.shapes import SHAPES
from tests.device.steering.steering_bench import LEFT, NORMAL, PREFERRED, SHORTER, Bench
from tests.device.two_devices.two_devices import Devices


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path, SHAPES["dual-bgp-active-active"])
    made.seconds(60)
    yield made
    made.close()


def test_both_announce_equal_paths_whoever_is_the_master(devices: Devices) -> None:
    assert devices.first.maps == devices.second.maps == (NORMAL, NORMAL)
    devices.first.role("BACKUP")
    devices.second.role("MASTER")
    devices.seconds(5)
    assert devices.first.maps == devices.second.maps == (NORMAL, NORMAL)


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_dead_tunnel_of_one_makes_the_paths_of_both_shorter(devices: Devices, which: str) -> None:
    own = getattr(devices, which)
    other = devices.second if own is devices.first else devices.first
    own.answers(tunnel1=False)
    devices.rounds(6)
    assert own.maps == (LEFT, PREFERRED)
    assert other.maps == (PREFERRED, PREFERRED)


def test_the_paths_are_equal_again_when_the_dead_session_has_ended(devices: Devices) -> None:
    devices.first.answers(tunnel1=False)
    devices.seconds(STALE_SECONDS - 2)
    assert devices.second.maps == (PREFERRED, PREFERRED)
    devices.seconds(5)
    assert devices.first.maps == (LEFT, NORMAL)
    assert devices.second.maps == (NORMAL, NORMAL)


def test_they_are_equal_again_when_the_tunnel_is_back(devices: Devices) -> None:
    devices.first.answers(tunnel1=False)
    devices.rounds(6)
    devices.first.answers(tunnel1=True)
    devices.rounds(15)
    assert devices.first.maps == devices.second.maps == (NORMAL, NORMAL)


def test_both_answer_a_second_dead_tunnel_with_paths_that_are_shorter_still(devices: Devices) -> None:
    devices.first.answers(tunnel1=False)
    devices.rounds(6)
    devices.second.answers(tunnel2=False)
    devices.rounds(6)
    assert devices.first.maps == (LEFT, SHORTER)
    assert devices.second.maps == (SHORTER, LEFT)


def test_a_device_that_falls_silent_with_a_dead_tunnel_is_outbid_in_its_good_one(devices: Devices) -> None:
    devices.second.answers(tunnel1=False)
    devices.rounds(6)
    devices.running = [devices.first]
    devices.rounds(7)
    assert devices.first.maps == (SHORTER, SHORTER)


def test_a_device_that_is_silent_is_taken_for_dead(devices: Devices) -> None:
    devices.running = [devices.first]
    devices.rounds(3)
    assert devices.first.maps == (NORMAL, NORMAL)
    devices.rounds(4)
    assert devices.first.maps == (PREFERRED, PREFERRED)
    devices.seconds(STALE_SECONDS)
    assert devices.first.maps == (NORMAL, NORMAL)


def test_a_partner_that_never_sent_a_message_changes_nothing(tmp_path: Path) -> None:
    own, silent = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    own.setblocking(False)
    bench = Bench(tmp_path, SHAPES["dual-bgp-active-active"], own)
    bench.seconds(60)
    assert bench.maps == (NORMAL, NORMAL)
    assert bench.published["steering"]["partner"] == "unknown"
    bench.bgpd.stop()
    own.close()
    silent.close()


def test_two_devices_do_not_keep_each_other_s_reports_alive(devices: Devices) -> None:
    """A device reports its own paths only: otherwise a report would echo between the two forever."""
    devices.first.answers(tunnel1=False)
    devices.rounds(6)
    devices.first.answers(tunnel1=True)
    devices.seconds(60)
    assert devices.first.maps == devices.second.maps == (NORMAL, NORMAL)


def test_a_device_takes_messages_from_its_partner_only() -> None:
    now = 1.0
    own = Link("127.0.0.2", "127.0.0.3")
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.4", 7410))
    stranger.sendto(b"0 1", ("127.0.0.2", 7410))
    partner = Partner(own, STALE_SECONDS, lambda: now)
    partner.receive()
    assert partner.state == "unknown"
    other = Link("127.0.0.3", "127.0.0.2")
    Partner(other, STALE_SECONDS).send(stale=1, rank=2)
    partner.receive()
    assert (partner.state, partner.stale, partner.rank) == ("stale", 1, 2)
    stranger.close()
    for one in (own, other):
        one.close()


@pytest.mark.parametrize(
    "partner_address", ["127.0.0.3", "255.255.255.255"], ids=["nobody listens", "it cannot be sent"]
)
def test_nobody_at_the_other_end_is_no_error(partner_address: str) -> None:
    own = Link("127.0.0.2", partner_address)
    partner = Partner(own, STALE_SECONDS)
    for _ in range(5):
        partner.send(stale=0, rank=1)
        partner.receive()
    assert partner.state == "unknown"
    own.close()
