"""How tests are divided among pytest's workers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from xdist.remote import Producer

from tests.conftest import pytest_xdist_make_scheduler


class Worker:
    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)


@pytest.fixture
def scheduling() -> Any:
    config: Any = SimpleNamespace(getvalue=lambda _: ["3*popen"])
    return pytest_xdist_make_scheduler(config, Producer("test", enabled=False))


def test_the_first_worker_gets_the_first_tests_whichever_is_ready_first(scheduling: Any) -> None:
    for name in ("gw2", "gw0", "gw1"):
        scheduling.add_node(Worker(name))
    assert [one.gateway.id for one in scheduling.nodes] == ["gw0", "gw1", "gw2"]


def test_all_tests_of_the_machine_go_to_one_worker(scheduling: Any) -> None:
    files = ("test_traffic", "test_power", "test_plan")
    scopes = [scheduling._split_scope(f"tests/network/{file}.py::test_something[a]") for file in files]
    assert scopes == ["machine", "machine", "tests/network/test_plan.py"]
