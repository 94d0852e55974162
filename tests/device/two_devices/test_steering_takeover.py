"""A new master outbids the former one by what that one has reported of its paths, even several times in a row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cgw_device.steering import STALE_SECONDS

from tests.device.shapes import SHAPES
from tests.device.steering.steering_bench import BACKUP, LEFT, NORMAL, PREFERRED, SHORTER, SHORTEST
from tests.device.two_devices.two_devices import Devices

DEAD = {"tunnel1": False, "tunnel2": False}
WELL = {"tunnel1": True, "tunnel2": True}


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path, SHAPES["dual-bgp-active"])
    made.seconds(60)
    assert (made.first.maps, made.second.maps) == ((NORMAL, NORMAL), (BACKUP, BACKUP))
    yield made
    made.close()


def hand_over(devices: Devices, former: str, new: str, role: str = "FAULT") -> None:
    getattr(devices, former).role(role)
    getattr(devices, new).role("MASTER")
    devices.rounds(2)


def test_a_master_without_power_is_outbid_at_once_and_until_aws_has_ended_its_sessions(devices: Devices) -> None:
    devices.running = [devices.second]
    devices.second.role("MASTER")
    devices.rounds(1)
    # before its silence is one
    assert devices.second.maps == (PREFERRED, PREFERRED)
    devices.seconds(STALE_SECONDS - 3)
    assert devices.second.maps == (PREFERRED, PREFERRED)
    devices.seconds(6)
    assert devices.second.maps == (NORMAL, NORMAL)


def test_a_master_that_had_lost_a_tunnel_before_is_outbid_by_one_more(devices: Devices) -> None:
    devices.first.answers(tunnel1=False)
    devices.rounds(6)
    assert devices.first.maps == (LEFT, PREFERRED)
    devices.running = [devices.second]
    devices.second.role("MASTER")
    devices.rounds(1)
    assert devices.second.maps == (SHORTER, SHORTER)


def test_a_master_that_gave_its_paths_up_need_not_be_outbid(devices: Devices) -> None:
    hand_over(devices, "first", "second", role="BACKUP")
    devices.seconds(3)
    assert (devices.first.maps, devices.second.maps) == ((BACKUP, BACKUP), (NORMAL, NORMAL))


@pytest.mark.parametrize("between", [1, 4, 12, 30])
def test_the_work_goes_there_and_back_within_the_hold_time(devices: Devices, between: float) -> None:
    devices.first.answers(**DEAD)
    devices.rounds(6)
    hand_over(devices, "first", "second")
    assert devices.second.maps == (PREFERRED, PREFERRED)
    devices.first.answers(**WELL)
    devices.first.role("BACKUP")
    devices.seconds(between)
    believed = devices.second.maps
    devices.second.answers(**DEAD)
    devices.rounds(6)
    hand_over(devices, "second", "first")
    assert max(map(length, devices.first.maps)) < min(map(length, believed))


def test_a_master_that_never_received_a_message_assumes_that_its_partner_had_two_faults(devices: Devices) -> None:
    devices.second.restart()
    devices.running = [devices.second]
    devices.second.role("MASTER")
    devices.rounds(2)
    assert devices.second.maps == (SHORTER, SHORTER)


def length(maps: tuple[str, str]) -> int:
    """How long a path looks to AWS, beside the others."""
    return [one[0] for one in (SHORTEST, SHORTER, PREFERRED, NORMAL, BACKUP, LEFT)].index(maps[0])
