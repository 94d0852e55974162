"""A scenario, deployed to a local region and built as a network.

One machine runs at a time, whatever the number of pytest's workers: two would have half the processor each.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vpn_lab.network.image import CACHE
from vpn_lab.network.network import Network
from vpn_lab.region import Region

ROOT = Path(__file__).parents[2]
IDC_HOST = "10.60.1.100"
CLOUD_HOST = "10.50.1.100"
TUNNELS_UP_SECONDS = 120

Scenario = tuple[Network, Region]


@contextmanager
def built(scenario: str, folder: Path) -> Iterator[Network]:
    """Deploy a scenario while the network follows; the devices themselves signal that they are up."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "one-machine").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Region.start(state_dir=folder / "region", signals="device") as region:
            network = Network.start(region, folder / "machine", print)
            try:
                region.bootstrap()
                paths = os.pathsep.join([str(ROOT / "constructs"), str(ROOT)])
                region.cdk("deploy", scenario, "--require-approval", "never", PYTHONPATH=paths)
                yield network
            except Exception:
                print(diagnosis(network))
                raise
            finally:
                network.stop()


def diagnosis(network: Network) -> str:
    """Return what the devices and the gateways say of themselves, for a person who reads of a failure."""
    words = {
        "system": ["sh", "-c", "cgw-status; ipsec trafficstatus; ip -s xfrm state list nokeys"],
        "gateway": ["swanctl", "-l"],
    }
    nodes = network.state()
    answers = {name: network.call(name, *words[one["kind"]]) for name, one in nodes.items() if one["kind"] in words}
    follower = (network.machine.folder / "follower.log").read_text()
    return "\n".join([*(f"{name}:\n{one['output']}{one['errors']}" for name, one in answers.items()), follower[-3000:]])


def up(network: Network, count: int) -> bool:
    """Tell whether at least so many tunnels are UP by the region's own telemetry."""
    connections = network.region.client("ec2").describe_vpn_connections()["VpnConnections"]
    states = [tunnel["Status"] for connection in connections for tunnel in connection.get("VgwTelemetry", [])]
    return states.count("UP") >= count


@pytest.fixture(scope="module")
def single_tunnel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """ScenarioSingleTunnel, its tunnel up."""
    with built("ScenarioSingleTunnel", tmp_path_factory.mktemp("single")) as network:
        network.wait(lambda one: up(one, 1), TUNNELS_UP_SECONDS, "the tunnel")
        yield network


@pytest.fixture(scope="module")
def dual_cgw_bgp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """ScenarioDualCgwBgp, its four tunnels up."""
    with built("ScenarioDualCgwBgp", tmp_path_factory.mktemp("bgp")) as network:
        network.wait(lambda one: up(one, 4), TUNNELS_UP_SECONDS, "four tunnels")
        yield network
