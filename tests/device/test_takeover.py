"""What the device does when keepalived makes it master, or takes that from it."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cgw_device.settings import Settings
from cgw_device.takeover import Takeover

from cdk_aws_vpn.device_config import render_files
from tests.device.shapes import SHAPES


class Api:
    """Takes down the commands, and refuses them for a while."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.refuse = 0
        self.pauses: list[float] = []
        self.lock = threading.Lock()

    def run(self, command: list[str]) -> bool:
        with self.lock:
            self.calls.append(command)
            if command[0] == "aws" and self.refuse:
                self.refuse -= 1
                return False
            return True

    def commands(self, word: str) -> list[str]:
        return [" ".join(call) for call in self.calls if word in call]


@pytest.fixture
def api() -> Api:
    return Api()


def takeover(shape: str, folder: Path, api: Api) -> Takeover:
    settings = Settings.of(json.loads(render_files(SHAPES[shape]())["/etc/cgw/device.json"]))
    assert settings.pair is not None
    return Takeover(replace(settings, state_folder=folder), settings.pair, api.run, api.pauses.append)


def test_the_new_master_points_every_route_at_its_own_interface(tmp_path: Path, api: Api) -> None:
    assert takeover("dual-bgp-standby", tmp_path, api).enter("MASTER")
    assert sorted(api.commands("replace-route")) == [
        f"aws ec2 --region eu-west-1 replace-route --route-table-id rtb-0aaaaaaaaaaaaaaa{table} "
        "--destination-cidr-block 10.50.0.0/16 --network-interface-id eni-0aaaaaaaaaaaaaaa2 "
        "--cli-connect-timeout 2 --cli-read-timeout 5"
        for table in (1, 2)
    ]
    assert api.commands("systemctl") == []


def test_two_devices_with_tunnels_of_their_own_keep_them_whatever_happens(tmp_path: Path, api: Api) -> None:
    for state in ("BACKUP", "FAULT", "STOP"):
        assert takeover("dual-static-active", tmp_path, api).enter(state)
    assert api.calls == []


def test_in_a_cluster_the_master_moves_the_address_and_then_starts_ipsec(tmp_path: Path, api: Api) -> None:
    assert takeover("cluster-standby", tmp_path, api).enter("MASTER")
    assert api.commands("associate-address") == [
        "aws ec2 --region eu-west-1 associate-address --allocation-id eipalloc-0aaaaaaaaaaaaaaa1 "
        "--allow-reassociation --network-interface-id eni-0aaaaaaaaaaaaaaa2 --private-ip-address 10.60.2.110 "
        "--cli-connect-timeout 2 --cli-read-timeout 5"
    ]
    assert api.calls[-1] == ["systemctl", "start", "ipsec"]


@pytest.mark.parametrize("state", ["BACKUP", "FAULT", "STOP"])
def test_in_a_cluster_the_other_device_stops_ipsec(tmp_path: Path, api: Api, state: str) -> None:
    assert takeover("cluster-active", tmp_path, api).enter(state)
    assert api.calls == [["systemctl", "stop", "ipsec"]]


def test_an_api_that_is_away_is_asked_until_it_answers(tmp_path: Path, api: Api) -> None:
    api.refuse = 9
    assert takeover("cluster-standby", tmp_path, api).enter("MASTER")
    assert api.pauses[:3] == [0.5, 1.0, 2.0]
    assert max(api.pauses) <= 5.0
    assert api.calls[-1] == ["systemctl", "start", "ipsec"]


def test_only_what_failed_is_asked_again(tmp_path: Path, api: Api) -> None:
    api.refuse = 1
    assert takeover("dual-bgp-standby", tmp_path, api).enter("MASTER")
    assert len(api.commands("replace-route")) == 3


def test_a_master_that_lost_again_stops_asking_and_does_not_start_ipsec(tmp_path: Path, api: Api) -> None:
    api.refuse = 10**6
    job = takeover("cluster-standby", tmp_path, api)

    def lose_after_the_third_pause(seconds: float) -> None:
        api.pauses.append(seconds)
        if len(api.pauses) == 3:
            (tmp_path / "vrrp").write_text("BACKUP\n")

    job._sleep = lose_after_the_third_pause
    assert not job.enter("MASTER")
    assert api.commands("systemctl") == []


def test_the_state_is_there_for_the_monitor_and_for_a_person(tmp_path: Path, api: Api) -> None:
    takeover("dual-bgp-active", tmp_path, api).enter("MASTER")
    assert (tmp_path / "vrrp").read_text() == "MASTER\n"
