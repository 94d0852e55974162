"""Scenarios, deployed to a local region and built as a network.

One machine runs at a time, whatever the number of pytest's workers: two would have half the processor each. Since its
start is what takes longest, scenarios that do not disturb each other share one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.conftest import FIGURE
from tests.network.measuring import figures
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.bring_up import network_of
from vpn_lab.network.network import Network

ROOT = Path(__file__).parents[2]
CLIENT_VPN = "ScenarioClientVpn"
IDLE = "ScenarioSingleTunnel"
"""Its device sends no probes, so only this scenario has a tunnel without traffic."""
STATIC = (IDLE, "ScenarioDualTunnel", "ScenarioCgwCluster", "ScenarioDualCgwStatic", CLIENT_VPN)
BGP = ("ScenarioDualCgwBgp",)
TRANSIT = ("ScenarioTransitGatewayEcmp",)
PERIOD_SECONDS = 5.0
LONGEST_REASON = 2000
# measurements to a tenth of a second do not share a machine with many other devices
GROUPS = (STATIC, (*BGP, *TRANSIT))
MOST_BUILDS = 3
"""A group that fails in so many machines is broken: one more would take minutes, for each of its tests."""
MEASURING = (
    "test_adversity",
    "test_failover_bgp",
    "test_failover_static",
    "test_rekeying",
    "test_transit_gateway_ecmp",
    "test_twenty_faults",
)
PHASES = ("measures outages", "boots a device", "breaks nothing")
LATE = ("test_bad_boot", "test_idle", "test_power")
"""Tests of all scenarios of a machine at once."""
TUNNELS = {
    "ScenarioSingleTunnel": 1,
    "ScenarioDualTunnel": 2,
    "ScenarioCgwCluster": 2,
    "ScenarioDualCgwStatic": 4,
    "ScenarioDualCgwBgp": 4,
    "ScenarioTransitGatewayEcmp": 4,
    CLIENT_VPN: 2,
}


def group_of(stack: str) -> tuple[str, ...]:
    """Return the scenarios that share a machine with one."""
    return next(group for group in GROUPS if stack in group)


class Machines:
    """The group of scenarios that runs now; when a test needs another group, it replaces this one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.keys = folder / "keys"
        self._stack = ExitStack()
        self._group: tuple[str, ...] = ()
        self.network: Network | None = None
        self.used_at: dict[str, float] = {}
        """When a test last used a scenario."""
        self.tunnels: dict[str, dict[str, Any]] = {}
        """The state of its tunnels at that time."""
        self._builds: Counter[tuple[str, ...]] = Counter()
        self._sites: dict[str, Site] = {}
        self.seen_up: set[str] = set()
        """The scenarios whose devices have reported at least once that they are healthy."""
        self.looked_at = ""
        """The scenario that was found as it should be, if nothing was broken since."""

    @property
    def is_dead(self) -> bool:
        """Whether a machine should run and does not answer: its kernel hangs, or has ended."""
        return self.network is not None and not self.network.machine.answers

    def console(self) -> str:
        """Return what the machine's kernel said."""
        return (self.network.machine.folder / "console.log").read_text()[-4000:] if self.network else ""

    def site(self, stack: str) -> Site:
        group = group_of(stack)
        if self.network is None or group != self._group:
            self.close()
            if self._builds[group] == MOST_BUILDS:
                pytest.fail(f"{', '.join(group)} failed in {MOST_BUILDS} machines; see the first of these tests")
            self._builds[group] += 1
            folder = self._folder / f"{group[-1]}-{self._builds[group]}"
            self.network = self._stack.enter_context(
                network_of(*group, folder=folder, keys=self.keys, settings={"metric_period_limit": PERIOD_SECONDS})
            )
            self._group, self.looked_at = group, ""
        # cached: this does not change, and the region takes a while to answer
        return self._sites.setdefault(stack, Site(self.network, stack))

    def expect_boot(self, site: Site) -> None:
        """Let the next test of a scenario wait until the devices that boot now report that they are healthy."""
        self.seen_up.discard(site.stack)

    def close(self) -> None:
        self._stack.close()
        self.network = None
        self._sites.clear()
        self.seen_up.clear()
        self.used_at.clear()
        self.tunnels.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test of the machine a second time if it fails, and report that at the end of the run.

    These tests run in real time on processors that other programs may use, so a packet may be late once. A test that
    fails twice is broken. The second run gets a new machine if the first could not even start in the old one, so that
    the following tests do not wait for a broken machine again.
    """
    if item.get_closest_marker("machine") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports):
        first = "\n".join(report.longreprtext for report in reports if report.failed)
        figures.append(f"{item.name} FAILED ONCE, and ran again: {first[-LONGEST_REASON:]}")
        machines = item.session.stash.get(MACHINES, None)
        if machines is not None and (reports[0].failed or machines.is_dead):
            figures.append(f"It runs again in a new machine; the console of the old one:\n{machines.console()}")
            machines.close()
        item._initrequest()  # type: ignore[attr-defined]  # as pytest does before the first run
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send what a test has measured along with its report: with workers, another process prints it."""
    report = yield
    if report.when == "call" or report.failed:
        report.user_properties += [(FIGURE, line) for line in figures]
        figures.clear()
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one machine together, and all of them before other tests, because they take longest.

    In one machine the tests that measure outages come first. Those that end while a device still boots follow, and then
    the tests that break nothing. So one scenario is tested while the device of another one boots.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, int, int]:
    """Return the sort key of a test: its machine, its phase there, and its scenario."""
    if item.get_closest_marker("machine") is None:
        return len(GROUPS), 0, 0
    callspec = getattr(item, "callspec", None)
    stack = callspec.params.get("site") or callspec.params.get("stack") if callspec else None
    group = next((number for number, group in enumerate(GROUPS) if stack in group), -1)
    if group < 0:
        return group, 0, 0
    if item.path.stem in LATE:
        return group, len(PHASES) + LATE.index(item.path.stem), 0
    phase = PHASES.index("boots a device" if item.get_closest_marker("boots_a_device") else _purpose(item))
    return group, phase, GROUPS[group].index(str(stack))


def _purpose(item: pytest.Item) -> str:
    return "measures outages" if item.path.stem in MEASURING else "breaks nothing"


MACHINES = pytest.StashKey[Machines]()


@pytest.fixture(scope="session")
def machines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    running = Machines(tmp_path_factory.mktemp("network"))
    request.session.stash[MACHINES] = running
    yield running
    running.close()


@pytest.fixture
def site(request: pytest.FixtureRequest, machines: Machines) -> Iterator[Site]:
    """An undisturbed scenario: all tunnels are up, and all devices are healthy."""
    found = machines.site(request.param)
    breaks_nothing = getattr(request.module, "BREAKS_NOTHING", False)
    if not (breaks_nothing and machines.looked_at == found.stack):
        is_ready = undisturbed if found.stack in machines.seen_up else up
        found.network.wait(lambda _: is_ready(found), UP_SECONDS, f"the tunnels of {found.stack}")
        machines.seen_up.add(found.stack)
    machines.looked_at = found.stack if breaks_nothing else ""
    yield found
    machines.used_at[found.stack] = time.monotonic()
    machines.tunnels[found.stack] = found.tunnels


def up(site: Site) -> bool:
    """Tell whether the scenario is undisturbed, according to the EC2 API and its devices."""
    return undisturbed(site) and site.healthy()


def undisturbed(site: Site) -> bool:
    """Tell whether all tunnels are up according to the EC2 API, and the devices do not contradict that."""
    return list(site.telemetry().values()).count("UP") == TUNNELS[site.stack] and site.undisturbed()
