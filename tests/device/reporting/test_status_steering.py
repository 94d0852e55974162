"""What cgw-status says of the steering."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cgw_device.status import as_text, collect

from tests.device.reporting.test_status import Device
from tests.device.shapes import SHAPES
from tests.device.steering.steering_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A device on which a monitor has written its state."""
    bench = Bench(tmp_path, SHAPES["dual-bgp-active"])
    device = Device(tmp_path, "dual-bgp-active")
    bench.restart()
    bench.status = lambda: collect(bench.settings, device.capture)  # type: ignore[attr-defined]
    bench.rounds(4)
    bench.seconds(60)
    yield bench
    bench.bgpd.stop()


def status(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = bench.status()  # type: ignore[attr-defined]
    return found


def test_without_steering_each_tunnel_is_in_use(bench: Bench) -> None:
    found = status(bench)
    assert found["healthy"]
    assert "steering  tunnel 1 in use, route-map TO-AWS; never left" in as_text(found)


def test_a_left_tunnel_shows_why_since_when_and_how_often(bench: Bench) -> None:
    bench.answers(tunnel1=False)
    bench.rounds(3)
    since = bench.published["steering"]["tunnels"]["1"]["since"]
    bench.rounds(2)
    found = status(bench)
    assert not found["healthy"]
    assert found["steering"]["tunnels"]["1"] == {
        "left": True,
        "why": "probes unanswered",
        "since": since,
        "times": 1,
        "out": "TO-AWS-LAST",
        "in": "FROM-AWS-AVOIDED",
    }
    assert f"tunnel 1 AVOIDED, route-map TO-AWS-LAST; probes unanswered since {since}, left 1 time\n" in as_text(found)
    assert "tunnel 2 in use, route-map TO-AWS-PREFERRED;" in as_text(found)


def test_a_damped_tunnel_that_answers_is_still_shown_as_left(bench: Bench) -> None:
    for _ in range(2):
        bench.answers(tunnel1=False)
        bench.rounds(4)
        bench.answers(tunnel1=True)
        bench.rounds(12)
    found = status(bench)
    assert found["tunnels"][0]["probe"] == "alive"
    assert found["steering"]["tunnels"]["1"]["left"]
    assert not found["healthy"]


def test_a_monitor_that_cannot_speak_to_bgpd_is_not_healthy_and_says_why(bench: Bench) -> None:
    bench.bgpd.stop()
    bench.rounds(5)
    found = status(bench)
    assert not found["healthy"]
    assert "bgpd.vty: Connection refused" in as_text(found)


def test_a_drained_device_says_so(bench: Bench) -> None:
    (bench.settings.state_folder / "drain").touch()
    bench.seconds(4)
    found = status(bench)
    assert found["drained"]
    assert "`cgw undrain` ends it" in as_text(found)
