"""Two devices with two tunnels each: AWS follows the master, and a device is drained without a loss.

The test plays keepalived: it gives the roles, and moves the route of the IDC as the takeover does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.shapes import SHAPES
from tests.device.steering.bgp_cloud import Cloud
from tests.device.steering.bgp_network import until

# the VPC's links are numbered through: two of the active device, two of the standby
LINKS = {"active": {"aws1", "aws2"}, "standby": {"aws3", "aws4"}}
AWS_ADDRESSES = {"active": ("169.254.11.1", "169.254.12.1"), "standby": ("169.254.21.1", "169.254.22.1")}
BOUND = 3.0


class Pair:
    """The two devices."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        # as keepalived does: what it says waits for a monitor that comes later
        self.pipes: list[int] = []

    def close(self) -> None:
        for pipe in self.pipes:
            os.close(pipe)
        self.cloud.close()

    def role(self, device: str, role: str) -> None:
        pipe = self.cloud.place / device / "cgw" / "keepalived"
        if not pipe.exists():
            os.mkfifo(pipe)
            self.pipes.append(os.open(pipe, os.O_RDWR))
        with pipe.open("w") as keepalived:
            keepalived.write(f'INSTANCE "cgw" {role} 150\n')
        if role == "MASTER":
            self.cloud.route_lan_to(device)

    def leaves_election(self, device: str) -> bool:
        return (self.cloud.place / device / "cgw" / "tunnels-dead").read_text() == "1\n"

    def maps(self, device: str, direction: str) -> set[str]:
        usual = self.cloud.route_map(device, "AWS", direction)
        return {self.cloud.route_map(device, address, direction) or usual for address in AWS_ADDRESSES[device]}

    def chosen_by_aws(self, device: str) -> bool:
        return self.cloud.choice() in LINKS[device]

    def silences(self) -> tuple[float, float]:
        return self.cloud.silence("lan"), self.cloud.silence("vpc")


@pytest.fixture
def pair(tmp_path: Path, programs: Path) -> Iterator[Pair]:
    cloud = Cloud(tmp_path, programs)
    pair = Pair(cloud)
    try:
        cloud.build({role: SHAPES[f"dual-bgp-{role}"]() for role in AWS_ADDRESSES})
        for device, role in (("active", "MASTER"), ("standby", "BACKUP")):
            state = cloud.place / device / "cgw"
            state.mkdir()
            # the active device has been master for long: the time in which AWS may hold older paths is over
            (state / "tunnels.json").write_text(json.dumps({"steering": {"master": device == "active"}}))
            pair.role(device, role)
            cloud.start_monitor(device)
        for device, addresses in AWS_ADDRESSES.items():
            until("all sessions are up", lambda: cloud.established(device, *addresses))  # noqa: B023
            until("bgpd has its orders", lambda: cloud.steering(device)["steering"].get("applied"))  # noqa: B023
        until("the devices speak to each other", lambda: cloud.established("active", "169.254.255.250"), 60)
        until("the backup's paths are longer", lambda: pair.maps("standby", "out") == {"TO-AWS-BACKUP"})
        until("AWS follows the master", lambda: pair.chosen_by_aws("active"))
        cloud.start_traffic()
        until("traffic flows", lambda: max(pair.silences()) < 0.5)
        yield pair
    finally:
        pair.close()


def test_a_drained_device_gives_its_work_away_without_a_loss(pair: Pair) -> None:
    pair.silences()
    (pair.cloud.place / "active" / "cgw" / "drain").touch()
    until("AWS has left the device", lambda: pair.chosen_by_aws("standby"))
    until("the device uses the other", lambda: pair.cloud.links("active") == {"partner0"})
    until("it leaves the election", lambda: pair.leaves_election("active"))
    pair.role("active", "FAULT")
    pair.role("standby", "MASTER")
    until("the other is preferred", lambda: "TO-AWS-BACKUP" not in pair.maps("standby", "out"))
    (to_idc, lost_to_idc), (to_aws, lost_to_aws) = pair.cloud.reception("lan"), pair.cloud.reception("vpc")
    print(f"drain: longest silence {to_idc:.2f} s to the IDC, {to_aws:.2f} s to AWS")
    assert (lost_to_idc, lost_to_aws) == (0, 0)
    (pair.cloud.place / "active" / "cgw" / "drain").unlink()
    until("it is in the election again", lambda: not pair.leaves_election("active"))
    pair.role("active", "BACKUP")
    until("it uses its own tunnels again", lambda: pair.maps("active", "in") == {"FROM-AWS"})
    assert pair.maps("active", "out") == {"TO-AWS-BACKUP"}
    assert pair.chosen_by_aws("standby")


def test_a_device_that_lost_both_tunnels_uses_the_other_until_keepalived_has_moved(pair: Pair) -> None:
    pair.silences()
    pair.cloud.cut("active", 1, 2)
    until("the device uses the other", lambda: pair.cloud.links("active") == {"partner0"})
    to_aws = pair.cloud.silence("vpc")
    until("it leaves the election", lambda: pair.leaves_election("active"))
    pair.role("active", "FAULT")
    pair.role("standby", "MASTER")
    until("AWS has left the device", lambda: pair.chosen_by_aws("standby"))
    to_idc = pair.cloud.silence("lan")
    print(f"both tunnels: outage {to_idc:.2f} s to the IDC, {to_aws:.2f} s to AWS, without keepalived's election")
    assert max(to_idc, to_aws) <= BOUND


def test_a_device_uses_its_other_tunnel_before_the_other_device_though_aws_prefers_that_less(pair: Pair) -> None:
    for device in AWS_ADDRESSES:
        pair.cloud.prefer(device, 1)
    until("the device follows AWS", lambda: pair.cloud.links("active") == {"ipsec1"})
    until("so do the paths", lambda: pair.maps("active", "out") == {"TO-AWS", "TO-AWS-BACKUP"})
    pair.cloud.cut("active", 1)
    until("the tunnel is left", lambda: pair.cloud.links("active") == {"ipsec2"})
    until("AWS leaves it, too", lambda: pair.cloud.choice() == "aws2")


def test_a_new_master_beats_the_path_of_a_device_without_power(pair: Pair) -> None:
    for name in ("ipsec1", "ipsec2", "partner0", "lan"):
        # the links stay up: nobody is told
        pair.cloud.run(
            "active", "tc", "qdisc", "replace", "dev", name, "root", "tbf", "rate", "8bit", "burst", "1", "limit", "1"
        )
    pair.silences()
    pair.cloud.cut("active", 1, 2)
    pair.cloud.kill("active", "monitor")
    assert pair.chosen_by_aws("active")
    pair.role("standby", "MASTER")
    took = until("AWS follows the new master", lambda: pair.chosen_by_aws("standby"))
    print(f"AWS follows the new master after {took:.2f} s")
    assert took <= BOUND
    # the shortest path is given back for the next fault when AWS's sessions with the dead device must be over
    assert pair.maps("standby", "out") == {"TO-AWS-PREFERRED"}
    until("the shortest path is free again", lambda: pair.maps("standby", "out") == {"TO-AWS"}, 60)
    assert pair.chosen_by_aws("standby")
