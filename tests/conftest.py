"""What all layers share: the settings of Hypothesis, and how tests are distributed to pytest's workers."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tools.layers import MACHINE
from vpn_lab.network.machine import host_requirements

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling
    from xdist.workermanage import WorkerController

# no time limits, because the machine may be busy with other tests
settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")

ROOT = Path(__file__).parents[1]
MARK = re.compile(rf"^pytestmark = \[?pytest\.mark\.{MACHINE}\b", re.MULTILINE)
FIRST_WORKER = "gw0"
NICENESS = 15
"""Of the other workers: a thirtieth of what the machine gets while it wants all, since its tests take longest. At 19 it
is a seventieth, and whatever the others start misses its deadlines."""
FIGURE = "figure"
"""The property of a test's report that contains what the test has measured."""
LONGEST = ("test_scenario_lifecycle", "test_wheel", "test_lint", "test_shell_blocks")
"""Files of tests that take minutes. Those of the machine come before them."""
LONGEST_REASON = 2000
"""How many characters of a failure are printed immediately: its end, which contains the reason."""


@cache
def boots_the_machine(path: str) -> bool:
    """Tell whether a test file needs the virtual machine; either all its tests do, or none."""
    return MARK.search((ROOT / path).read_text()) is not None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give all files that need the virtual machine to the first worker, because there is only one machine."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - the workers' plugin may be absent

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # it has no types
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.split("::", 1)[0]
            return MACHINE if boots_the_machine(path) else path

        @property
        def nodes(self) -> list[WorkerController]:
            # work is handed out in this order; without sorting, it is the order in which they became ready
            return sorted(super().nodes, key=lambda one: str(one.gateway.id))

    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that none is left at the end, and skip what cannot run here."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    obstacle = host_requirements.obstacle()
    if obstacle:
        for item in items:
            if item.get_closest_marker(MACHINE) is not None:
                item.add_marker(pytest.mark.skip(reason=obstacle))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the process what all that it starts inherits: its priority, and that it can be interrupted."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(Spoken(terminal), "spoken")
    _give_way_to_the_machine()
    # in the background of a shell it is ignored, and what the tests start and interrupt would ignore it as well
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Spoken:
    """Prints each failure with its reason immediately, and the progress: a run is long and may be interrupted."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal
        self._wanted: Counter[bool] = Counter()
        self._done: Counter[bool] = Counter()
        """Tests of the machine (True), and all others (False)."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Count the tests that the workers will run: each worker collects all of them."""
        self._count(ids)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._count([item.nodeid for item in session.items])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        of_the_machine = MACHINE in report.keywords
        self._done[of_the_machine] += report.when == "teardown"
        if report.failed:
            self._say(f"{report.nodeid} failed ({report.when}):\n{report.longreprtext[-LONGEST_REASON:]}")
        elif report.when == "call" and of_the_machine:
            self._say(f"{self._progress()} {report.nodeid} {report.outcome} in {report.duration:.0f} s")

    def _count(self, ids: Sequence[str]) -> None:
        paths = [one.split("::", 1)[0] for one in ids]
        if paths:
            self._wanted = Counter((ROOT / path).is_file() and boots_the_machine(path) for path in paths)

    def _progress(self) -> str:
        """Return the progress of both kinds of tests, before the current report is counted."""
        machine = f"machine {self._done[True] + 1}/{self._wanted[True]}"
        others = f", others {self._done[False]}/{self._wanted[False]}" if self._wanted[False] else ""
        return f"[{machine}{others}]"

    def pytest_terminal_summary(self) -> None:
        """Show what was measured, and which tests of the machine failed once: nobody reads the workers' own output."""
        reports = [one for kind in ("passed", "failed") for one in self._terminal.getreports(kind)]
        lines = [str(value) for one in reports for name, value in one.user_properties if name == FIGURE]
        if lines:
            self._terminal.section("the local network: longest gaps")
            for line in lines:
                self._terminal.write_line(line)

    def _say(self, text: str) -> None:
        self._terminal.ensure_newline()
        self._terminal.write_line(f"{time.strftime('%H:%M:%S')} {text}")
        self._terminal.flush()


def _give_way_to_the_machine() -> None:
    """Give the machine priority for the processor: only its tests measure times.

    The first worker gets the tests of the machine, which come first, and other tests when these are done. Processes
    inherit the priority of the worker that starts them, so it must be set at the beginning.
    """
    if os.environ.get("PYTEST_XDIST_WORKER", FIRST_WORKER) != FIRST_WORKER:
        os.nice(NICENESS)
