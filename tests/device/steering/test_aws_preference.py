"""AWS says by MED which tunnel it wants to be used, and the device's own announcements follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cgw_device import aws_preference

from tests.device.shapes import SHAPES
from tests.device.steering.steering_bench import AWS_ADDRESSES, BACKUP, LEFT, NORMAL, PREFERRED, ROUTES, SHORTER, Bench

NUMBERS = {address: number for number, address in AWS_ADDRESSES.items()}
TUNNELS = {"ipsec1", "ipsec2"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.preference(100, 200)
    bench.rounds(5)
    yield bench
    bench.bgpd.stop()


def test_the_tunnel_that_aws_prefers_gets_the_shorter_path(bench: Bench) -> None:
    assert bench.maps == (NORMAL, BACKUP)


def test_a_change_of_mind_is_followed_within_two_seconds_and_first_by_the_shorter_path(bench: Bench) -> None:
    bench.bgpd.orders.clear()
    bench.preference(100, 50)
    bench.seconds(1.5)
    assert bench.maps == (BACKUP, NORMAL)
    assert bench.bgpd.orders == [
        f"neighbor {AWS_ADDRESSES[2]} route-map TO-AWS out",
        f"neighbor {AWS_ADDRESSES[1]} route-map TO-AWS-BACKUP out",
    ]


def test_a_tunnel_that_ends_after_aws_has_warned_needs_nothing_more_than_to_be_left(bench: Bench) -> None:
    bench.preference(100, 50)
    bench.seconds(3)
    bench.session(1, up=False)
    bench.answers(tunnel1=False)
    bench.seconds(2)
    assert bench.maps == (LEFT, NORMAL)


def test_a_tunnel_that_dies_before_aws_can_have_received_its_longer_path_is_outbid(bench: Bench) -> None:
    bench.preference(100, 50)
    bench.seconds(1.2)
    assert bench.maps == (BACKUP, NORMAL)
    bench.answers(tunnel1=False)
    bench.seconds(0.9)
    assert bench.maps == (LEFT, PREFERRED)


def test_of_two_longer_paths_in_a_row_aws_may_have_received_only_the_first(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.seconds(1)
    assert bench.maps == (LEFT, PREFERRED)
    # tunnel 2's path gets longer when tunnel 1 is back, and again when AWS prefers that
    bench.preference(100, 100)
    bench.answers(tunnel1=True)
    while bench.maps != (NORMAL, NORMAL):
        bench.seconds(0.3)
    bench.preference(100, 200)
    while bench.maps != (NORMAL, BACKUP):
        bench.seconds(0.3)
    bench.answers(tunnel2=False)
    bench.seconds(0.9)
    assert bench.maps in ((PREFERRED, LEFT), (SHORTER, LEFT))


def test_without_a_preference_all_tunnels_are_equal(bench: Bench) -> None:
    bench.preference(100, 100)
    bench.seconds(1.5)
    assert bench.maps == (NORMAL, NORMAL)


def test_the_preference_of_a_dead_tunnel_does_not_count(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.seconds(1)
    assert bench.maps == (LEFT, PREFERRED)


def test_a_tunnel_that_aws_prefers_less_outbids_it_when_it_dies_a_second_time(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.seconds(1)
    bench.answers(tunnel1=True)
    bench.seconds(4)
    assert bench.maps == (NORMAL, BACKUP)
    bench.answers(tunnel1=False)
    bench.seconds(1)
    assert bench.maps == (LEFT, PREFERRED)


def test_no_order_is_given_before_the_preference_is_known(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.preference(200, 100)
    bench.rounds(5)
    assert bench.bgpd.orders == [f"neighbor {AWS_ADDRESSES[1]} route-map TO-AWS-BACKUP out"]
    bench.bgpd.stop()


def test_what_aws_prefers_is_remembered_while_no_route_leads_through_a_tunnel(bench: Bench) -> None:
    bench.kernel_routes.write_text(ROUTES.splitlines(keepends=True)[0])
    bench.preference(100, 50)
    bench.seconds(3)
    assert bench.maps == (NORMAL, BACKUP)
    bench.restart()
    bench.seconds(3)
    assert bench.maps == (NORMAL, NORMAL), "a new monitor has nothing to remember"


def test_a_spare_device_keeps_all_its_paths_longer(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SHAPES["dual-bgp-active"])
    bench.role("BACKUP")
    bench.preference(100, 200)
    bench.seconds(60)
    assert bench.maps == (BACKUP, BACKUP)
    bench.role("MASTER")
    bench.seconds(1)
    assert bench.maps == (SHORTER, PREFERRED), "both outbid the former master's paths, or are as long"
    bench.bgpd.stop()


def test_the_question_is_about_the_narrowest_prefix_behind_a_tunnel(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(ROUTES)
    asked = aws_preference.question(TUNNELS, tmp_path / "route")
    assert asked == "do show bgp ipv4 unicast 10.50.1.0/24 longer-prefixes json"


def test_there_is_no_question_as_long_as_no_route_leads_through_a_tunnel(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(ROUTES.replace("ipsec1", "ens6  "))
    assert aws_preference.question(TUNNELS, tmp_path / "route") is None


def test_this_kernel_lists_its_routes_in_the_form_that_is_read() -> None:
    assert aws_preference.question(TUNNELS) is None
    header = aws_preference.KERNEL_ROUTES.read_text().splitlines()[0].split()
    assert [header.index(name) for name in ("Iface", "Destination", "Gateway", "Mask")] == [0, 1, 2, 7]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", {}),
        ("{}", {}),
        ("% an error in words", {}),
        (json.dumps({"routes": {"10.50.0.0/16": [{"peerId": AWS_ADDRESSES[1], "metric": 100}]}}), {1: 100}),
        (json.dumps({"routes": {"10.50.0.0/16": [{"peerId": AWS_ADDRESSES[2]}]}}), {2: 0}),
        (json.dumps({"routes": {"10.50.0.0/16": [{"peerId": "10.60.0.101", "metric": 7}]}}), {}),
    ],
)
def test_an_answer_is_read_for_the_tunnels_and_nobody_else(answer: str, expected: dict[int, int]) -> None:
    assert aws_preference.answered(answer, NUMBERS) == expected
