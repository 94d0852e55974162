"""What the device does when keepalived makes it master, or takes that from it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cgw_device import takeover as module
from cgw_device.settings import Settings
from cgw_device.takeover import Takeover

from cdk_aws_vpn.device.configuration import render_files
from tests.device.shapes import SHAPES
from tests.device.two_devices.fake_ec2 import Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)


def takeover(shape: str, folder: Path, api: Api) -> Takeover:
    settings = Settings.of(json.loads(render_files(SHAPES[shape]())["/etc/cgw/device.json"]))
    assert settings.pair is not None
    return Takeover(replace(settings, state_folder=folder), settings.pair, api, api.run, api.logged.append)


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_new_master_points_every_route_at_its_own_interface_side_by_side(tmp_path: Path, api: Api) -> None:
    api.hold.clear()
    started = time.monotonic()
    takeover("dual-bgp-standby", tmp_path, api).follow("MASTER")
    assert time.monotonic() - started < 1.0, "nobody waits for AWS"
    until(lambda: len(api.calls) == 2)
    api.hold.set()
    until(lambda: api.logged_with("ReplaceRoute", "done after") == 2)
    assert sorted(api.made("ReplaceRoute"), key=str) == [
        {
            "RouteTableId": f"rtb-0aaaaaaaaaaaaaaa{table}",
            "DestinationCidrBlock": "10.50.0.0/16",
            "NetworkInterfaceId": "eni-0aaaaaaaaaaaaaaa2",
        }
        for table in (1, 2)
    ]
    assert api.commands == []


@pytest.mark.parametrize("role", ["BACKUP", "FAULT", "STOP", ""])
def test_two_devices_with_tunnels_of_their_own_keep_them_whatever_happens(tmp_path: Path, api: Api, role: str) -> None:
    before = threading.active_count()
    takeover("dual-static-active", tmp_path, api).follow(role)
    assert threading.active_count() <= before  # a thread of an earlier test may end meanwhile
    assert (api.calls, api.commands) == ([], [])


def test_in_a_cluster_the_master_moves_the_address_and_then_starts_ipsec(tmp_path: Path, api: Api) -> None:
    api.hold.clear()
    takeover("cluster-standby", tmp_path, api).follow("MASTER")
    until(lambda: len(api.made("AssociateAddress")) == 1)
    assert api.commands == []
    api.hold.set()
    until(lambda: api.commands == [["systemctl", "--no-block", "start", "ipsec"]])
    assert api.made("AssociateAddress") == [
        {
            "AllocationId": "eipalloc-0aaaaaaaaaaaaaaa1",
            "AllowReassociation": "true",
            "NetworkInterfaceId": "eni-0aaaaaaaaaaaaaaa2",
            "PrivateIpAddress": "10.60.2.110",
        }
    ]


def test_a_route_that_cannot_be_moved_does_not_keep_a_cluster_from_its_tunnels(tmp_path: Path, api: Api) -> None:
    api.refuse = lambda action, _: action == "ReplaceRoute"
    takeover("cluster-standby", tmp_path, api).follow("MASTER")
    until(lambda: api.commands == [["systemctl", "--no-block", "start", "ipsec"]])


@pytest.mark.parametrize("role", ["BACKUP", "FAULT", "STOP"])
def test_in_a_cluster_the_other_device_stops_ipsec(tmp_path: Path, api: Api, role: str) -> None:
    takeover("cluster-active", tmp_path, api).follow(role)
    until(lambda: api.commands == [["systemctl", "--no-block", "stop", "ipsec"]])
    assert api.calls == []


def test_a_device_that_has_no_role_yet_touches_nothing(tmp_path: Path, api: Api) -> None:
    before = threading.active_count()
    takeover("cluster-active", tmp_path, api).follow("")
    assert threading.active_count() <= before  # a thread of an earlier test may end meanwhile


def test_only_what_failed_is_asked_again_until_it_succeeds_and_the_reason_is_logged_once(
    tmp_path: Path, api: Api
) -> None:
    refusals = [None] * 5
    api.refuse = lambda _, parameters: (
        parameters["RouteTableId"].endswith("2") and bool(refusals and not refusals.pop())
    )
    takeover("dual-bgp-standby", tmp_path, api).follow("MASTER")
    until(lambda: api.logged_with("done after") == 2)
    assert len(api.calls) == 7
    assert api.logged_with("RequestLimitExceeded", "retrying") == 1


def test_a_master_that_lost_again_stops_asking_and_does_not_start_ipsec(tmp_path: Path, api: Api) -> None:
    api.refuse = lambda *_: True
    job = takeover("cluster-standby", tmp_path, api)
    job.follow("MASTER")
    until(lambda: len(api.calls) > 9)
    job.follow("BACKUP")
    until(lambda: api.logged_with("abandoned") == 3)
    calls = len(api.calls)
    api.refuse = lambda *_: False
    until(lambda: api.commands == [["systemctl", "--no-block", "stop", "ipsec"]])
    assert len(api.calls) == calls


def test_an_address_that_comes_too_late_starts_nothing(tmp_path: Path, api: Api) -> None:
    api.hold.clear()
    job = takeover("cluster-standby", tmp_path, api)
    job.follow("MASTER")
    until(lambda: len(api.made("AssociateAddress")) == 1)
    job.follow("BACKUP")
    until(lambda: bool(api.commands))
    api.hold.set()
    until(lambda: api.logged_with("AssociateAddress", "done after") == 1)
    until(lambda: not [one for one in threading.enumerate() if one.name.endswith("(_take_address)")])
    assert api.commands == [["systemctl", "--no-block", "stop", "ipsec"]]


def test_a_master_looks_at_its_routes_again_and_again_and_writes_only_what_differs(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.02)
    job = takeover("cluster-standby", tmp_path, api)
    job.follow("MASTER")
    until(lambda: len(api.made("DescribeRouteTables")) > 9)
    assert (len(api.made("ReplaceRoute")), len(api.made("AssociateAddress"))) == (2, 1)
    first, second = sorted(api.routes)
    # the other device, which was master at the same time, has moved one route
    api.routes[first]["10.50.0.0/16"] = "eni-0aaaaaaaaaaaaaaa1"
    until(lambda: api.routes[first] == api.routes[second])
    assert [one["RouteTableId"] for one in api.made("ReplaceRoute")[2:]] == [first]
    looked = len(api.made("DescribeRouteTables"))
    until(lambda: len(api.made("DescribeRouteTables")) > looked + 4)
    assert (len(api.made("ReplaceRoute")), len(api.made("AssociateAddress"))) == (3, 1)
    job.follow("BACKUP")


def test_a_master_that_may_not_look_writes_as_before_and_says_it_once(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.02)
    api.refuse = lambda action, _: action == "DescribeRouteTables"
    job = takeover("dual-bgp-standby", tmp_path, api)
    job.follow("MASTER")
    until(lambda: len(api.made("ReplaceRoute")) > 9)
    assert api.logged_with("DescribeRouteTables", "RequestLimitExceeded") == 2, "once per table"
    job.follow("BACKUP")


def test_a_call_that_hangs_is_not_made_again_beside_itself(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 60)
    api.refuse = lambda action, _: action == "ReplaceRoute"
    job = takeover("dual-bgp-standby", tmp_path, api)
    job.follow("MASTER")
    until(lambda: len(api.made("DescribeRouteTables")) > 9)
    assert len(api.made("ReplaceRoute")) == 2
    job.follow("BACKUP")


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_monitor_that_restarts_on_the_master_writes_only_what_differs(
    tmp_path: Path, api: Api, elsewhere: bool
) -> None:
    takeover("cluster-standby", tmp_path, api).follow("MASTER")
    until(lambda: len(api.calls) == 3 and len(api.commands) == 1)
    if elsewhere:
        api.routes["rtb-0aaaaaaaaaaaaaaa2"]["10.50.0.0/16"] = "eni-0aaaaaaaaaaaaaaa1"
        api.place["NetworkInterfaceId"] = "eni-0aaaaaaaaaaaaaaa1"
    api.calls.clear()
    takeover("cluster-standby", tmp_path, api).follow("MASTER", known=True)
    until(lambda: len(api.commands) == 2 and len(api.calls) >= 3 + 2 * elsewhere)
    assert [one["RouteTableId"] for one in api.made("ReplaceRoute")] == ["rtb-0aaaaaaaaaaaaaaa2"] * elsewhere
    assert len(api.made("AssociateAddress")) == elsewhere
    assert api.commands[-1] == ["systemctl", "--no-block", "start", "ipsec"]
