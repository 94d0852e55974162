"""When a tunnel is dead, when it lives again, and which one carries the traffic."""

from __future__ import annotations

import pytest
from cgw_device.health import ALIVE, DEAD, UNKNOWN, TunnelHealth, all_dead, choose
from hypothesis import given
from hypothesis import strategies as st

STATES = st.sampled_from([ALIVE, DEAD, UNKNOWN])


def after(answers: str, *, failures: int = 3, recoveries: int = 10) -> str:
    """The state after a sequence of probes: ``+`` answered, ``-`` not."""
    health = TunnelHealth(failures, recoveries)
    for answer in answers:
        if answer == "+":
            health.answered()
        else:
            health.missed()
    return health.state


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ("", UNKNOWN),
        ("+", ALIVE),
        ("+--", ALIVE),
        ("+---", DEAD),
        ("+--+--", ALIVE),
        ("+---+++++++++", DEAD),
        ("+---++++++++++", ALIVE),
        ("+---+++++++++-++++++++++", ALIVE),
        ("+---+++++++++-+++++++++", DEAD),
    ],
)
def test_three_lost_probes_kill_and_ten_answers_revive(answers: str, state: str) -> None:
    assert after(answers) == state


@given(st.integers(0, 200))
def test_a_probe_that_never_worked_says_nothing(misses: int) -> None:
    assert after("-" * misses) == UNKNOWN


@given(st.text("+-", max_size=80), st.integers(2, 20), st.integers(1, 30))
def test_only_enough_lost_probes_in_a_row_kill(answers: str, failures: int, recoveries: int) -> None:
    heard_then_silent = "+" in answers and "-" * failures in answers[answers.index("+") :]
    state = after(answers, failures=failures, recoveries=recoveries)
    assert state != DEAD or heard_then_silent
    if not heard_then_silent:
        assert state == (ALIVE if "+" in answers else UNKNOWN)


def test_a_tunnel_taken_down_on_purpose_is_unknown_again() -> None:
    health = TunnelHealth(3, 10, DEAD)
    health.forget()
    assert health.state == UNKNOWN


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([ALIVE, ALIVE], False),
        ([DEAD, ALIVE], False),
        ([DEAD, DEAD], True),
        ([DEAD, UNKNOWN], True),
        ([UNKNOWN, UNKNOWN], False),
        ([UNKNOWN], False),
    ],
)
def test_a_device_gives_up_only_when_what_worked_is_dead(states: list[str], expected: bool) -> None:
    assert all_dead(states) is expected


@given(st.fixed_dictionaries({1: STATES, 2: STATES}), st.sampled_from([1, 2]))
def test_traffic_stays_unless_its_tunnel_is_dead_and_the_other_is_not(states: dict[int, str], current: int) -> None:
    other = 3 - current
    must_move = states[current] == DEAD and states[other] != DEAD
    assert choose(current, states) == (other if must_move else current)


def test_traffic_does_not_move_back_when_the_first_tunnel_recovers() -> None:
    assert choose(2, {1: ALIVE, 2: ALIVE}) == 2
