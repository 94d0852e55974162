"""How tests are distributed to pytest's workers, and what a run prints before its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
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


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", "."]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_run_that_is_cut_off_has_said_what_failed_and_why(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import os\ndef test_fails(): raise ValueError('the reason')\ndef test_is_killed(): os.kill(os.getpid(), 9)\n"
    )
    ended = run(tmp_path)
    assert ended.returncode < 0
    assert "test_it.py::test_fails failed (call):" in ended.stdout
    assert "ValueError: the reason" in ended.stdout


def test_a_run_ends_with_what_was_measured(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "test_it.py").write_text("def test_it(record_property): record_property('figure', 'a gap of 0.1 s')\n")
    assert "a gap of 0.1 s" in run(tmp_path, "deep").stdout
