"""The monitor, a real bgpd and zebra with the device's frr.conf, and AWS's ends with AWS's timers of 10 and 30 s."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.device.shapes import BGP, dual_tunnel
from tests.device.steering.bgp_cloud import Cloud
from tests.device.steering.bgp_network import until

BOTH = {"ipsec1", "ipsec2"}
# generous for a busy machine; AWS's hold time alone is ten times as long
BOUND = 3.0
AWS_ADDRESSES = {1: "169.254.11.1", 2: "169.254.12.1"}


def settled(cloud: Cloud, device: str = "cgw") -> None:
    """Wait until both tunnels are used in both senses, and bgpd has what the monitor wants."""
    until("both sessions are up", lambda: cloud.established(device, *AWS_ADDRESSES.values()))
    until("both tunnels are used", lambda: cloud.links(device) == BOTH)
    until("the monitor has both alive", lambda: cloud.steering(device).get("states") == {"1": "alive", "2": "alive"})
    until("bgpd has its orders", lambda: cloud.steering(device)["steering"]["applied"])
    until("AWS has a path", lambda: cloud.choice() in ("aws1", "aws2"))


@pytest.fixture
def cloud(tmp_path: Path, programs: Path) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path, programs)
    try:
        cloud.build({"cgw": replace(dual_tunnel(), bgp=BGP)})
        cloud.start_monitor("cgw")
        cloud.start_traffic()
        settled(cloud)
        both_silences(cloud)
        yield cloud
    finally:
        cloud.close()


def both_silences(cloud: Cloud) -> tuple[float, float]:
    """The longest silence from AWS to the IDC, and from the IDC to AWS, since the last call."""
    return cloud.silence("lan"), cloud.silence("vpc")


def cut_the_used_tunnel(cloud: Cloud) -> tuple[int, int]:
    """Cut the tunnel that AWS uses and wait until all traffic has left it; return its number and the other's."""
    dead = int(cloud.choice()[-1])
    cloud.cut("cgw", dead)
    moved(cloud, dead)
    return dead, 3 - dead


def moved(cloud: Cloud, dead: int) -> None:
    until(f"AWS leaves tunnel {dead}", lambda: cloud.choice() == f"aws{3 - dead}")
    until(f"the device leaves tunnel {dead}", lambda: cloud.links("cgw") == {f"ipsec{3 - dead}"})


def is_steered(cloud: Cloud, dead: int) -> bool:
    maps = cloud.maps("cgw")
    return maps.get(AWS_ADDRESSES[dead]) == {"in": "FROM-AWS-AVOIDED", "out": "TO-AWS-LAST"}


def watch(cloud: Cloud, dead: int, seconds: float) -> None:
    """See for a while that nothing goes back to a dead tunnel."""

    def never() -> bool:
        assert cloud.choice() == f"aws{3 - dead}"
        assert cloud.links("cgw") <= {f"ipsec{3 - dead}"}
        return False

    with pytest.raises(AssertionError, match="the watch is over"):
        until("the watch is over", never, seconds)


def test_a_silent_tunnel_costs_about_a_second_each_way_and_its_recovery_nothing(cloud: Cloud) -> None:
    dead, alive = cut_the_used_tunnel(cloud)
    to_idc, to_aws = both_silences(cloud)
    print(f"outage: {to_idc:.2f} s from AWS to the IDC, {to_aws:.2f} s from the IDC to AWS")
    assert to_idc <= BOUND
    assert to_aws <= BOUND
    assert is_steered(cloud, dead)
    assert cloud.route_map("cgw", AWS_ADDRESSES[alive], "out") == "TO-AWS-PREFERRED"
    cloud.mend("cgw", dead)
    both_silences(cloud)
    returned = until("both tunnels are used again", lambda: cloud.links("cgw") == BOTH, 60)
    until("AWS is steered no more", lambda: cloud.route_map("cgw", AWS_ADDRESSES[alive], "out") == "TO-AWS")
    until("there was time for a flap", lambda: cloud.steering("cgw")["steering"]["applied"])
    (to_idc, lost_to_idc), (to_aws, lost_to_aws) = cloud.reception("lan"), cloud.reception("vpc")
    print(f"back after {returned:.1f} s; longest silence: {to_idc:.2f} s to the IDC, {to_aws:.2f} s to AWS")
    assert returned > 2.5, "ten good probes take three seconds"
    assert (lost_to_idc, lost_to_aws) == (0, 0)
    # nothing was lost, so a pause is one of this computer, which may have other tests to run
    assert max(to_idc, to_aws) <= BOUND
    assert cloud.log("cgw", "monitor").count(f"tunnel {dead} is dead") == 1


def test_traffic_of_both_directions_goes_where_aws_prefers_it_and_a_change_loses_nothing(cloud: Cloud) -> None:
    for number in (2, 1, 2):
        cloud.prefer("cgw", number)
        follows(cloud, number)
    assert [cloud.reception(node)[1] for node in ("lan", "vpc")] == [0, 0]


def follows(cloud: Cloud, number: int) -> None:
    until("the device follows", lambda: cloud.links("cgw") == {f"ipsec{number}"})
    until("so does AWS", lambda: cloud.choice() == f"aws{number}")
    until(
        "the other path is longer", lambda: cloud.route_map("cgw", AWS_ADDRESSES[3 - number], "out") == "TO-AWS-BACKUP"
    )


def test_without_the_monitor_the_same_cut_lasts_much_longer(cloud: Cloud) -> None:
    cloud.kill("cgw", "monitor")
    dead = int(cloud.choice()[-1])
    cloud.cut("cgw", dead)
    with pytest.raises(AssertionError, match="AWS leaves"):
        until("AWS leaves the tunnel", lambda: cloud.choice() != f"aws{dead}", 2 * BOUND)


def test_a_monitor_killed_while_steered_does_not_return_to_the_dead_tunnel(cloud: Cloud) -> None:
    dead, _ = cut_the_used_tunnel(cloud)
    cloud.kill("cgw", "monitor")
    cloud.start_monitor("cgw")
    until("the monitor speaks to bgpd", lambda: cloud.log("cgw", "monitor").count("bgpd: connected") == 2)
    watch(cloud, dead, 4)
    assert is_steered(cloud, dead)
    cloud.mend("cgw", dead)
    until("both tunnels are used again", lambda: cloud.links("cgw") == BOTH, 60)


def test_a_monitor_that_was_away_during_the_recovery_ends_the_steering(cloud: Cloud) -> None:
    dead, alive = cut_the_used_tunnel(cloud)
    cloud.kill("cgw", "monitor")
    cloud.mend("cgw", dead)
    until("the session stands", lambda: cloud.established("cgw", AWS_ADDRESSES[dead]), 60)
    assert is_steered(cloud, dead)
    cloud.start_monitor("cgw")
    until("both tunnels are used again", lambda: cloud.links("cgw") == BOTH, 60)
    until("all is normal", lambda: cloud.route_map("cgw", AWS_ADDRESSES[alive], "out") == "TO-AWS")
    assert cloud.maps("cgw")[AWS_ADDRESSES[dead]] == {"in": "FROM-AWS", "out": "TO-AWS"}


def test_bgpd_killed_while_steered_is_steered_again(cloud: Cloud) -> None:
    dead, alive = cut_the_used_tunnel(cloud)
    cloud.kill("cgw", "bgpd")
    cloud.start_bgpd("cgw")
    until("bgpd has its orders again", lambda: is_steered(cloud, dead))
    until("the healthy session is up", lambda: cloud.established("cgw", AWS_ADDRESSES[alive]))
    moved(cloud, dead)
    watch(cloud, dead, 3)
    cloud.mend("cgw", dead)
    until("both tunnels are used again", lambda: cloud.links("cgw") == BOTH, 60)


def test_a_steering_that_somebody_undoes_is_done_again(cloud: Cloud) -> None:
    dead, _ = cut_the_used_tunnel(cloud)
    undo = [
        f"no neighbor {AWS_ADDRESSES[dead]} route-map FROM-AWS-AVOIDED in",
        f"no neighbor {AWS_ADDRESSES[dead]} route-map TO-AWS-LAST out",
    ]
    where = ["configure terminal", "router bgp 65000", "address-family ipv4 unicast"]
    # seen by the same vtysh: the monitor may have put it right before another one has started
    look = "do show running-config bgpd"
    seen = cloud.vtysh("cgw", *(word for line in [*where, *undo, look] for word in ("-c", line)))
    assert f"neighbor {AWS_ADDRESSES[dead]} " in seen
    assert f"neighbor {AWS_ADDRESSES[dead]} route-map TO-AWS-LAST" not in seen
    print(f"done again after {until('bgpd has its orders again', lambda: is_steered(cloud, dead)):.1f} s")


def test_bgpd_takes_the_order_to_begin_a_session_anew(cloud: Cloud) -> None:
    until("both sessions are up", lambda: all(cloud.established("cgw", address) for address in AWS_ADDRESSES.values()))
    before = cloud.bgp("cgw", f"show bgp neighbors {AWS_ADDRESSES[1]}")[AWS_ADDRESSES[1]]["connectionsEstablished"]
    inside = ["configure terminal", "router bgp 65000", "address-family ipv4 unicast"]
    order = f"do clear bgp ipv4 unicast {AWS_ADDRESSES[1]}"
    cloud.vtysh("cgw", "-d", "bgpd", *(word for line in [*inside, order] for word in ("-c", line)))
    until(
        "the session is another one",
        lambda: (
            cloud.bgp("cgw", f"show bgp neighbors {AWS_ADDRESSES[1]}")[AWS_ADDRESSES[1]]["connectionsEstablished"]
            > before
        ),
    )


def test_with_both_tunnels_silent_nothing_is_steered(cloud: Cloud) -> None:
    cloud.cut("cgw", *AWS_ADDRESSES)
    until("both are dead", lambda: cloud.steering("cgw")["states"] == {"1": "dead", "2": "dead"})
    maps = cloud.maps("cgw")
    assert not any(name in str(maps) for name in ("PREFERRED", "LAST", "AVOIDED")), maps
    cloud.mend("cgw", *AWS_ADDRESSES)
    settled(cloud)


def test_an_aws_that_limits_its_answers_is_neither_dead_for_good_nor_left_now_and_then(cloud: Cloud) -> None:
    for number in AWS_ADDRESSES:
        cloud.limit_answers("cgw", number)
    until("both limits are known", lambda: len(cloud.steering("cgw").get("patience_seconds", {})) == 2, 90)
    settled(cloud)

    def never() -> bool:
        assert cloud.steering("cgw")["states"] == {"1": "alive", "2": "alive"}
        return False

    with pytest.raises(AssertionError, match="the watch is over"):
        until("the watch is over", never, 15)
    assert cloud.log("cgw", "monitor").count(" is dead (") <= 2, "once per tunnel"
    cut_the_used_tunnel(cloud)


def test_a_path_that_loses_every_fifth_packet_is_not_left_but_a_cut_one_is(cloud: Cloud) -> None:
    lossy = int(cloud.choice()[-1])
    cloud.lose("cgw", lossy, 20)

    def never() -> bool:
        assert cloud.steering("cgw")["states"] == {"1": "alive", "2": "alive"}
        return False

    with pytest.raises(AssertionError, match="the watch is over"):
        until("the watch is over", never, 30)
    both_silences(cloud)
    cut_the_used_tunnel(cloud)
    to_idc, to_aws = both_silences(cloud)
    print(f"outage on a lossy path: {to_idc:.2f} s to the IDC, {to_aws:.2f} s to AWS")
    assert max(to_idc, to_aws) <= BOUND
