"""When a tunnel is dead, when it lives again, and which one carries the traffic."""

from __future__ import annotations

import pytest
from cgw_device.health import ALIVE, DEAD, UNKNOWN, TunnelHealth, all_dead, choose
from hypothesis import given
from hypothesis import strategies as st

STATES = st.sampled_from([ALIVE, DEAD, UNKNOWN])


class Probed:
    """A tunnel that is probed every 200 ms, and as often as it insists."""

    def __init__(self, recoveries: int = 15) -> None:
        self.health = TunnelHealth(0.55, recoveries)
        self.now = 0.0

    def pass_by(self, seconds: float, *, answers: bool) -> None:
        end, due = self.now + seconds, self.now
        while True:
            self.now = min(due, self.health.insist_at)
            if self.now >= end:
                break
            self.health.evaluate(self.now)
            if self.now >= due:
                self.health.round()
                due += 0.2
            self.health.sent(self.now)
            if answers:
                self.health.answered(self.now + 0.001, self.now)
        self.now = end


@pytest.mark.parametrize(
    ("answered", "silent", "state"),
    [(0, 60, UNKNOWN), (1, 0.5, ALIVE), (1, 0.9, DEAD), (60, 0.5, ALIVE), (60, 0.9, DEAD)],
)
def test_a_silence_kills_what_has_answered(answered: float, silent: float, state: str) -> None:
    tunnel = Probed()
    tunnel.pass_by(answered, answers=True)
    tunnel.pass_by(silent, answers=False)
    assert tunnel.health.state == state


@pytest.mark.parametrize(("answered", "state"), [(2.7, DEAD), (3.3, ALIVE)])
def test_three_seconds_of_answers_revive(answered: float, state: str) -> None:
    tunnel = Probed()
    tunnel.pass_by(1, answers=True)
    tunnel.pass_by(1, answers=False)
    tunnel.pass_by(answered, answers=True)
    assert tunnel.health.state == state


@given(st.lists(st.tuples(st.floats(0.01, 3.0), st.booleans()), max_size=12))
def test_only_a_long_enough_silence_after_an_answer_kills(pieces: list[tuple[float, bool]]) -> None:
    tunnel = Probed(recoveries=1)
    answered, silence = False, 0.0
    for seconds, answers in pieces:
        before = tunnel.health.state
        tunnel.pass_by(seconds, answers=answers)
        silence = 0.0 if answers else silence + seconds
        answered |= answers
        if tunnel.health.state == DEAD and before != DEAD:
            assert answered
            assert silence >= 0.54


def test_a_tunnel_taken_down_on_purpose_is_unknown_again() -> None:
    health = TunnelHealth(0.55, 15, DEAD)
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
