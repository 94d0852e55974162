"""Scenarios, deployed to a local region and built as a network.

One machine runs at a time, whatever the number of pytest's workers: two would have half the processor each. Since its
start is what takes longest, scenarios that do not disturb each other share one.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.network.measuring import figures
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.image import CACHE
from vpn_lab.network.network import Network
from vpn_lab.region import Region

ROOT = Path(__file__).parents[2]
STATIC = ("ScenarioSingleTunnel", "ScenarioDualTunnel", "ScenarioCgwCluster", "ScenarioDualCgwStatic")
# measured to a tenth of a second, so it has a machine to itself
BGP = ("ScenarioDualCgwBgp",)
TRANSIT = ("ScenarioTransitGatewayEcmp",)
METRIC_PERIOD_SECONDS = 5.0
# its users come and go, and one waits for a minute and a half
CLIENTS = ("ScenarioClientVpn",)
GROUPS = (STATIC, BGP, TRANSIT, CLIENTS)
LATE = ("test_idle", "test_power")
TUNNELS = {
    "ScenarioSingleTunnel": 1,
    "ScenarioDualTunnel": 2,
    "ScenarioCgwCluster": 2,
    "ScenarioDualCgwStatic": 4,
    "ScenarioDualCgwBgp": 4,
    "ScenarioTransitGatewayEcmp": 4,
    "ScenarioClientVpn": 2,
}


@contextmanager
def built(stacks: tuple[str, ...], folder: Path) -> Iterator[Network]:
    """Deploy scenarios while the network follows; the devices themselves signal that they are up."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "one-machine").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        settings: dict[str, Any] = {"signals": "device", "metric_period_limit": METRIC_PERIOD_SECONDS}
        with Region.start(state_dir=folder / "region", **settings) as region:
            network = Network.start(region, folder / "machine", print)
            try:
                region.bootstrap()
                paths = os.pathsep.join([str(ROOT / "constructs"), str(ROOT)])
                options = ["--require-approval", "never", "--concurrency", str(len(stacks))]
                options += certificate(region, folder.parent / "keys") if stacks == CLIENTS else []
                region.cdk("deploy", *stacks, *options, PYTHONPATH=paths)
                yield network
            except Exception:
                print(diagnosis(network))
                raise
            finally:
                network.stop()


def certificate(region: Region, keys: Path) -> list[str]:
    """Let our own command make the certificate of the Client VPN; return the options that name it."""
    command = [sys.executable, "-m", "vpn_ops", "client-vpn", "certificates", "--json", "--folder", str(keys)]
    made = subprocess.run(command, env=region.environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    return ["--parameters", f"ServerCertificateArn={json.loads(made.stdout)['server_certificate_arn']}"]


def diagnosis(network: Network) -> str:
    """Return what the devices and the gateways say of themselves, for a person who reads of a failure."""
    words = {
        "system": [
            "sh",
            "-c",
            "cgw-status; ipsec trafficstatus; ip -s xfrm state list nokeys; journalctl -n 30 -t cgw",
        ],
        "gateway": ["swanctl", "-l"],
    }
    nodes = network.state()
    answers = {name: network.call(name, *words[one["kind"]]) for name, one in nodes.items() if one["kind"] in words}
    follower = (network.machine.folder / "follower.log").read_text()
    return "\n".join([*(f"{name}:\n{one['output']}{one['errors']}" for name, one in answers.items()), follower[-3000:]])


class Machines:
    """Whichever group of scenarios runs now; another is built in its place when a test asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.keys = folder / "keys"
        self._stack = ExitStack()
        self._group: tuple[str, ...] = ()
        self.network: Network | None = None
        self.used_at: dict[str, float] = {}
        """When a test last used a scenario."""
        self.tunnels: dict[str, dict[str, Any]] = {}
        """What its tunnels were then."""

    def site(self, stack: str) -> Site:
        group = next(group for group in GROUPS if stack in group)
        if self.network is None or group != self._group:
            self.close()
            self.network = self._stack.enter_context(built(group, self._folder / group[-1]))
            self._group = group
        return Site(self.network, stack)

    def close(self) -> None:
        self._stack.close()
        self.network = None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if figures:
        terminalreporter.section("the local network: longest gaps")
        for line in figures:
            terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one machine together, and in it those of one scenario; those of all its scenarios come last.

    While the tests of the later scenarios run, the first one idles, which is a test as well.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, int, int]:
    if item.path.stem == "test_client_vpn":
        return GROUPS.index(CLIENTS), 0, 0
    callspec = getattr(item, "callspec", None)
    stack = callspec.params.get("site") if callspec else None
    group = next((number for number, group in enumerate(GROUPS) if stack in group), -1)
    late = LATE.index(item.path.stem) + 1 if item.path.stem in LATE else 0
    return group, late, GROUPS[group].index(str(stack)) if group >= 0 and not late else 0


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    running = Machines(tmp_path_factory.mktemp("network"))
    yield running
    running.close()


@pytest.fixture
def site(request: pytest.FixtureRequest, machines: Machines) -> Iterator[Site]:
    """A scenario as it should be: all tunnels up, and every device content."""
    found = machines.site(request.param)
    found.network.wait(lambda _: up(found), UP_SECONDS, f"the tunnels of {found.stack}")
    yield found
    machines.used_at[found.stack] = time.monotonic()
    machines.tunnels[found.stack] = found.tunnels


def up(site: Site) -> bool:
    """Tell whether the scenario is undisturbed, by the EC2 API and by its devices."""
    return list(site.telemetry().values()).count("UP") == TUNNELS[site.stack] and site.healthy()
