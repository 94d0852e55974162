"""When a tunnel is left, when it is used again, and what is announced to AWS: one device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.steering.steering_bench import (
    AWS_ADDRESSES,
    DEVICE_ADDRESSES,
    LEFT,
    NORMAL,
    PREFERRED,
    SHORTER,
    SHORTEST,
    Bench,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.rounds(4)
    yield bench
    bench.bgpd.stop()


def test_nothing_is_ordered_while_all_is_well(bench: Bench) -> None:
    bench.seconds(60)
    assert bench.bgpd.orders == []


def test_a_tunnel_is_left_after_a_silence_and_not_before(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.seconds(0.54)
    assert bench.maps == (NORMAL, NORMAL)
    bench.seconds(0.22)
    assert bench.maps == (LEFT, PREFERRED)


def test_the_better_path_is_announced_first_and_the_dead_one_last(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(4)
    assert bench.bgpd.orders == [
        f"neighbor {AWS_ADDRESSES[2]} route-map TO-AWS-PREFERRED out",
        f"neighbor {AWS_ADDRESSES[1]} route-map FROM-AWS-AVOIDED in",
        f"neighbor {AWS_ADDRESSES[1]} route-map TO-AWS-LAST out",
    ]


def test_a_tunnel_is_used_again_after_three_seconds_of_good_probes(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(5)
    bench.answers(tunnel1=True)
    bench.rounds(9)
    assert bench.maps == (LEFT, PREFERRED)
    bench.rounds(2)
    assert bench.maps == (NORMAL, NORMAL)


def test_a_tunnel_is_not_used_again_before_its_bgp_session_stands(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(5)
    bench.session(1, up=False)
    bench.answers(tunnel1=True)
    bench.seconds(60)
    assert bench.maps[0] == LEFT
    bench.session(1, up=True)
    bench.rounds(5)
    assert bench.maps == (NORMAL, NORMAL)


def test_nothing_is_steered_to_a_tunnel_without_a_session(bench: Bench) -> None:
    bench.session(2, up=False)
    bench.rounds(5)
    bench.answers(tunnel1=False)
    bench.rounds(10)
    assert bench.bgpd.orders == []
    bench.session(2, up=True)
    bench.rounds(5)
    assert bench.maps == (LEFT, PREFERRED)


def test_nothing_is_steered_when_all_tunnels_look_dead(bench: Bench) -> None:
    bench.answers(tunnel1=False, tunnel2=False)
    bench.seconds(30)
    assert bench.bgpd.orders == []


def test_a_dead_tunnel_stays_left_when_the_other_looks_dead_too(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(5)
    bench.answers(tunnel2=False)
    bench.seconds(20)
    assert bench.maps[0] == LEFT
    assert bench.maps[1][1] == "FROM-AWS"
    bench.answers(tunnel1=True)
    bench.seconds(5)
    # AWS may still believe in the path that was preferred to the normal one
    assert bench.maps == (SHORTER, LEFT)


def test_a_far_end_that_never_answered_is_never_left(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.answers(tunnel1=False)
    bench.seconds(60)
    assert bench.bgpd.orders == []
    bench.bgpd.stop()


def test_the_shortest_path_is_given_back_when_aws_must_have_noticed(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(3)
    bench.seconds(34)
    assert bench.maps == (LEFT, PREFERRED)
    bench.seconds(2)
    assert bench.maps == (LEFT, NORMAL)


def falls_and_rises(bench: Bench, limit: float) -> float:
    """Let tunnel 1 die and live again, and return for how long it answered before it was used again."""
    bench.answers(tunnel1=False)
    bench.rounds(4)
    assert bench.maps[0] == LEFT
    bench.answers(tunnel1=True)
    start = bench.time.now
    while bench.maps[0] != NORMAL:
        assert bench.time.now - start < limit
        bench.rounds(1)
    return bench.time.now - start


def test_a_flapping_tunnel_must_answer_for_longer_each_time_up_to_a_minute(bench: Bench) -> None:
    waits = [falls_and_rises(bench, 70) for _ in range(6)]
    # three seconds of probes and then the damping
    assert waits == pytest.approx([3, 13, 23, 43, 63, 63], abs=0.7)


def test_ten_quiet_minutes_end_the_damping(bench: Bench) -> None:
    falls_and_rises(bench, 70)
    falls_and_rises(bench, 70)
    bench.seconds(610)
    assert falls_and_rises(bench, 70) == pytest.approx(3, abs=0.7)


def damps(bench: Bench) -> None:
    """Let tunnel 1 die twice and live again, so that it answers and must go on answering before it is used."""
    falls_and_rises(bench, 70)
    bench.answers(tunnel1=False)
    bench.rounds(4)
    bench.answers(tunnel1=True)
    # until AWS has received it
    bench.rounds(15)


def test_a_damped_tunnel_is_used_when_the_other_dies(bench: Bench) -> None:
    damps(bench)
    assert bench.maps[0] == LEFT
    assert bench.maps[1] == NORMAL, "there is no dead path while the damped tunnel answers"
    bench.answers(tunnel2=False)
    bench.rounds(3)
    assert bench.maps == (PREFERRED, LEFT)


def test_a_damped_tunnel_that_is_used_and_dies_is_left_again(bench: Bench) -> None:
    damps(bench)
    bench.answers(tunnel2=False)
    bench.rounds(4)
    assert bench.maps == (PREFERRED, LEFT)
    bench.answers(tunnel1=False, tunnel2=True)
    bench.rounds(13)
    assert bench.maps == (LEFT, SHORTER)
    assert bench.published["steering"]["tunnels"]["1"]["times"] == 3


@pytest.mark.parametrize("restarted", [False, True])
def test_faults_in_a_row_get_shorter_paths_until_there_is_none(bench: Bench, restarted: bool) -> None:
    for dead, expected in ((1, PREFERRED), (2, SHORTER), (1, SHORTEST), (2, SHORTEST)):
        # a tunnel dies in the moment in which the other one comes back
        bench.answers(**{f"tunnel{dead}": False, f"tunnel{3 - dead}": True})
        bench.seconds(4.2)
        if restarted:
            bench.restart()
            bench.seconds(4.2)
        assert bench.maps[dead - 1] == LEFT
        assert bench.maps[2 - dead] == expected


def test_a_map_that_bgpd_does_not_have_is_not_attached(bench: Bench) -> None:
    bench.bgpd.defined.remove("TO-AWS-LAST")
    bench.seconds(4)
    bench.answers(tunnel1=False)
    bench.rounds(5)
    assert bench.maps == (("TO-AWS", "FROM-AWS-AVOIDED"), PREFERRED)
    assert not bench.published["steering"]["applied"]


def test_what_is_decided_is_published_with_its_reason(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(3)
    left_at = bench.time.now
    bench.rounds(2)
    steering = bench.published["steering"]
    assert steering["applied"]
    assert steering["maps"]["1"] == {"out": "TO-AWS-LAST", "in": "FROM-AWS-AVOIDED"}
    record = steering["tunnels"]["1"]
    assert (record["left"], record["why"], record["times"]) == (True, "probes unanswered", 1)
    assert float(record["since"][1:]) == pytest.approx(left_at, abs=0.5)


def test_the_state_file_is_not_written_when_nothing_changes(bench: Bench) -> None:
    bench.seconds(5)
    path = bench.settings.state_folder / "tunnels.json"
    before = path.stat().st_ino
    bench.seconds(60)
    assert path.stat().st_ino == before


def test_after_a_long_silence_a_tunnel_is_used_again_only_when_aws_cannot_give_it_up_any_more(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.seconds(15)
    bench.answers(tunnel1=True)
    bench.seconds(12)
    assert bench.maps[0] == LEFT
    # a tunnel is alive after three seconds of answers, and twelve more must follow
    bench.seconds(4)
    assert bench.maps[0] == NORMAL


def test_a_session_that_does_not_come_up_though_its_tunnel_answers_is_begun_anew(bench: Bench) -> None:
    bench.session(1, up=False)
    bench.seconds(14)
    assert bench.bgpd.cleared == []
    bench.seconds(3)
    assert bench.bgpd.cleared == [AWS_ADDRESSES[1]]
    assert bench.ran == [f"ip address replace {DEVICE_ADDRESSES[1]}/30 dev ipsec1"], (
        "so that zebra learns of it, if it had not"
    )
    bench.session(1, up=True)
    bench.seconds(40)
    assert bench.bgpd.cleared == [AWS_ADDRESSES[1]]


def test_the_session_of_a_silent_tunnel_is_left_alone(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.session(1, up=False)
    bench.seconds(60)
    assert bench.bgpd.cleared == []
