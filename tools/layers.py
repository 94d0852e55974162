"""A pytest plugin that fails a run in which no test of a layer ran.

A layer is a folder of ``tests/``, or the tests that boot the virtual machine. A run can pass because a layer was not
collected or because all its tests were skipped. With ``--require-layers``, such a run fails and names the missing
layer. The virtual machine cannot run everywhere: without it, the run prints the reason and fails only if ``CI`` is set.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import PurePosixPath

import pytest

LAYERS = ("unit", "model", "constructs", "stacks", "device", "region", "network", "project")
# tests with the marker of this name: of tests/network, those that boot a virtual machine
MACHINE = "machine"
FINISHED = ("passed", "failed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-layers", action="store_true", help=f"fail unless a test of each of {LAYERS} ran")


def pytest_configure(config: pytest.Config) -> None:
    # With xdist, the workers run the tests, and only the controller sees all reports.
    if config.getoption("--require-layers") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(RequiredLayers(), "required-layers")


class RequiredLayers:
    """Counts the tests that ran in each layer."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.without_machine = ""
        """The reason why the virtual machine could not run."""

    @property
    def missing(self) -> list[str]:
        required = [*LAYERS, *([MACHINE] if os.environ.get("CI") or not self.without_machine else [])]
        return [layer for layer in required if not self.ran[layer]]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        parts = PurePosixPath(report.nodeid.split("::")[0]).parts
        if MACHINE in report.keywords and report.skipped and isinstance(report.longrepr, tuple):
            self.without_machine = str(report.longrepr[2])
        if report.when == "call" and report.outcome in FINISHED and parts[0] == "tests":
            self.ran[parts[1]] += 1
            self.ran[MACHINE] += MACHINE in report.keywords

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = ", ".join(f"{layer} {self.ran[layer]}" for layer in [*LAYERS, MACHINE])
        terminalreporter.section("layers")
        terminalreporter.write_line(f"tests run: {counts}")
        if self.without_machine:
            terminalreporter.write_line(f"the virtual machine did not run: {self.without_machine}", yellow=True)
        for layer in self.missing:
            what = "the virtual machine" if layer == MACHINE else f"tests/{layer}"
            terminalreporter.write_line(
                f"error: no test of {what} ran, so this run proves nothing about that layer", red=True
            )
