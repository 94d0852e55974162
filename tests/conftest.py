"""What every layer shares: settings of Hypothesis, and how tests are divided among pytest's workers."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from vpn_lab.network import host

# without time limits, since the machine may be busy with other tests
settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")

MACHINE = "machine"
LOWEST_PRIORITY = 19


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of the virtual machine to one worker, and every other file to one; skip what cannot run here."""
    obstacle = host.obstacle()
    for item in items:
        on_machine = item.get_closest_marker(MACHINE) is not None
        item.add_marker(pytest.mark.xdist_group(MACHINE if on_machine else str(item.path)))
        if on_machine and obstacle:
            item.add_marker(pytest.mark.skip(reason=obstacle))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the machine have the processor first: its tests measure times, the others of the same run do not."""
    if "PYTEST_XDIST_WORKER" in os.environ and item.get_closest_marker(MACHINE) is None:
        os.nice(LOWEST_PRIORITY)
