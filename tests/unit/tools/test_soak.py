"""A soak is repeatable from its seed, and it detects what is left behind."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

import pytest

from tools.soak.checks import count, grown, leaked, left_behind
from tools.soak.report import section
from tools.soak.schedule import KINDS, PROCESSES, schedule
from vpn_lab.network.faults import FAULTS

TUNNELS = ["198.51.100.1", "192.0.2.1"]
DEVICES = ["CgwActive", "CgwStandby"]


def first(number: int, seed: int, **choices: Any) -> list[str]:
    return [str(step) for step in islice(schedule(seed, TUNNELS, DEVICES, **choices), number)]


def test_a_seed_gives_the_same_faults_whatever_the_order_of_what_there_is() -> None:
    reordered = [str(step) for step in islice(schedule(7, TUNNELS[::-1], DEVICES[::-1]), 50)]
    assert first(50, 7) == reordered
    assert first(50, 7) != first(50, 8)


def test_every_kind_of_fault_has_its_turn_about_as_often_as_it_weighs() -> None:
    steps = list(islice(schedule(1, TUNNELS, DEVICES), 4000))
    seen = Counter(step.kind.name for step in steps)
    total = sum(kind.weight for kind in KINDS)
    assert {kind.name: pytest.approx(4000 * kind.weight / total, rel=0.25) for kind in KINDS} == seen
    assert {step.target.split("/")[1] for step in steps if step.kind.name == "kill"} == set(PROCESSES)
    assert all(step.kind.seconds[0] <= step.seconds <= step.kind.seconds[1] for step in steps)


def test_the_network_has_every_fault_and_every_remedy() -> None:
    names = {kind.name for kind in KINDS} | {kind.repair for kind in KINDS if kind.repair}
    assert names <= FAULTS.keys()


def test_a_fault_that_the_network_does_not_have_takes_no_part() -> None:
    assert {one.split()[0] for one in first(30, 1, available=["delete-ike", "sun-storm"])} == {"delete-ike"}
    with pytest.raises(ValueError, match="nothing to break"):
        next(schedule(1, [], []))


def test_a_process_too_many_is_a_leak_and_one_that_passes_is_not() -> None:
    before = count("   90 bgpd\n  90 bgpd\n  1 pluto\n   2 kworker/0:1\n   0 kthreadd\n")
    after = count("90 bgpd\n90 bgpd\n91 bgpd\n1 pluto\n8 ip\n2 kworker/1:2\n2 kworker/2:0\n")
    assert leaked(before, after) == {"bgpd": 1}
    assert leaked(after, before) == {}


def test_memory_may_grow_a_little() -> None:
    assert not grown(1000, 1300)
    assert grown(1000, 1320)


def test_steering_that_is_left_is_named() -> None:
    normal = {"left": False, "in": "FROM-AWS", "out": "TO-AWS-BACKUP"}
    assert left_behind({"i-1": {"healthy": True, "steering": {"tunnels": {"1": normal}}}}) == []
    steered = {"left": True, "why": "probes unanswered", "in": "FROM-AWS-AVOIDED", "out": "TO-AWS-LAST"}
    found = left_behind({"i-1": {"healthy": True, "steering": {"tunnels": {"1": steered}}}, "i-2": {}})
    assert found == [
        "i-1 has left tunnel 1: probes unanswered",
        "i-1 tunnel 1 still has FROM-AWS-AVOIDED in",
        "i-1 tunnel 1 still has TO-AWS-LAST out",
        "i-2 does not report that it is healthy",
    ]


def test_what_never_came_back_is_no_number() -> None:
    fault = {"fault": "kill", "target": "Cgw/pluto", "seconds": 0, "tunnels_after_mending_seconds": 2.0}
    faults = [{**fault, "traffic_after_seconds": 1.0}, {**fault, "traffic_after_seconds": None}]
    facts = {"machine": {}, "scenario": "One", "minutes": 30, "seed": 7, "memory_megabytes": [900, 910]}
    text = section({**facts, "faults": faults, "problems": ["kill Cgw/pluto: not up again"]})
    assert "| kill | 2 | never | 1.0 | 2.0 | 2.0 |" in text
    assert "**kill Cgw/pluto: not up again.**" in text
