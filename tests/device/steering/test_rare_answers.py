"""A far end that limits how many pings it answers is neither dead for good nor dead now and then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.device.steering.test_lossy_paths import LossyPath, lossy


def limited(path: LossyPath, per_second: float, burst: float = 1.0) -> Callable[[], float | None]:
    """A far end with a token bucket for its answers, as routers have."""
    tokens, filled_at = burst, path.time.now

    def answer() -> float | None:
        nonlocal tokens, filled_at
        tokens = min(burst, tokens + (path.time.now - filled_at) * per_second)
        filled_at = path.time.now
        if tokens < 1:
            return None
        tokens -= 1
        return 0.002

    return answer


@pytest.mark.parametrize(("per_second", "burst"), [(4, 1), (4, 20), (2, 1), (1, 1), (1, 10), (0.3, 1)])
def test_a_limit_on_answers_costs_one_death_at_most_in_a_quarter_of_an_hour(
    tmp_path: Path, per_second: float, burst: float
) -> None:
    path = LossyPath(tmp_path)
    path.tunnel.path = limited(path, per_second, burst)
    path.seconds(60)
    assert path.monitor.states[1] == "alive"
    said = len(path.logged)
    path.seconds(900)
    assert (path.logged[said:], path.deaths() <= 1) == ([], True)
    # a cut is found all the same, within AWS's hold time
    assert path.time_to_find_a_cut(limit=25) <= max(4.0, 5 / per_second)


@pytest.mark.parametrize("per_second", [3, 1])
def test_a_tunnel_with_a_limit_that_was_cut_returns(tmp_path: Path, per_second: float) -> None:
    path = LossyPath(tmp_path)
    path.time_to_find_a_cut()
    path.seconds(30)
    path.tunnel.answers = True
    path.tunnel.path = limited(path, per_second)
    path.seconds(40)
    assert path.monitor.states[1] == "alive"


@pytest.mark.parametrize("loss", [0.9, 0.95, 0.99])
def test_a_path_that_loses_almost_everything_is_no_limit_and_stays_dead(tmp_path: Path, loss: float) -> None:
    path = LossyPath(tmp_path)
    path.tunnel.path = lossy(0.01, 0.0, 3, loss)
    path.seconds(300)
    assert path.monitor.states[1] == "dead"
    said = len(path.logged)
    path.seconds(900)
    assert path.logged[said:] == []


def test_a_limit_that_is_gone_is_forgotten_and_one_that_stays_survives_the_monitor(tmp_path: Path) -> None:
    path = LossyPath(tmp_path)
    often = path.tunnel.path
    path.tunnel.path = limited(path, 1)
    path.seconds(60)
    path.monitor = path.new_monitor()
    path.seconds(60)
    assert path.deaths() == 1
    assert "AWS answers only some pings, so it is dead after" in "".join(path.logged)
    path.tunnel.path = often
    path.seconds(70)
    assert path.time_to_find_a_cut() <= 0.77


def test_a_dead_tunnel_is_probed_as_often_as_ever(tmp_path: Path) -> None:
    path = LossyPath(tmp_path)
    path.time_to_find_a_cut()
    path.seconds(60)
    sent = path.tunnel.sent
    path.seconds(60)
    assert path.tunnel.sent - sent >= 299
