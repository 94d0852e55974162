"""A pytest plugin that fails a run in which a whole layer of tests did not take place.

A layer is a folder of ``tests/``. A run can be green because a layer was not collected, or because every test of it
was skipped; with ``--require-layers`` such a run fails and says which layer is missing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

import pytest

LAYERS = ("unit", "constructs", "stacks", "device", "region", "network", "project")
FINISHED = ("passed", "failed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-layers", action="store_true", help=f"fail unless a test of each of {LAYERS} ran")


def pytest_configure(config: pytest.Config) -> None:
    # With xdist the workers run the tests and the controller alone sees all the reports.
    if config.getoption("--require-layers") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(RequiredLayers(), "required-layers")


class RequiredLayers:
    """Counts the tests that ran in each layer."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()

    @property
    def missing(self) -> list[str]:
        return [layer for layer in LAYERS if not self.ran[layer]]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        parts = PurePosixPath(report.nodeid.split("::")[0]).parts
        if report.when == "call" and report.outcome in FINISHED and parts[0] == "tests":
            self.ran[parts[1]] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = ", ".join(f"{layer} {self.ran[layer]}" for layer in LAYERS)
        terminalreporter.section("layers")
        terminalreporter.write_line(f"tests run: {counts}")
        for layer in self.missing:
            terminalreporter.write_line(
                f"error: no test of tests/{layer} ran, so this run proves nothing about it", red=True
            )
