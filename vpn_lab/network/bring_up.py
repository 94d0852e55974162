"""Brings up a scenario as a network for tests and benchmarks: lock, region, machine, deployment, and shutdown.

Only one machine runs at a time, even if several processes want one. Two machines would share the processors, and no
measured time would mean anything.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vpn_lab.network.machine.image import CACHE, Progress
from vpn_lab.network.network import Network
from vpn_lab.preparation import deploy_options, synthesize
from vpn_lab.region import Region

DIAGNOSIS = {
    "system": ["sh", "-c", "cgw-status; ipsec trafficstatus; ip -s xfrm state list nokeys; journalctl -n 30 -t cgw"],
    "gateway": ["swanctl", "-l"],
}


@contextmanager
def one_machine() -> Iterator[None]:
    """Hold the right to run a machine; wait for it first."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "one-machine").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def network_of(
    *scenarios: str,
    folder: Path,
    progress: Progress = print,
    keys: Path | None = None,
    settings: dict[str, Any] | None = None,
) -> Iterator[Network]:
    """Deploy scenarios while the network follows; the devices themselves signal that they are up.

    Waits for the right to run a machine. Whatever happens, the machine and the region are gone afterwards.

    Args:
        scenarios: Stacks of this project.
        folder: For the files of the region and of the machine.
        progress: Is called with a description of each step. Default: print it.
        keys: Where keys are kept that the users of a scenario need. Default: ``folder / "keys"``.
        settings: More of those of the region.
    """
    with one_machine(), Region.start(state_dir=folder / "region", signals="device", **(settings or {})) as region:
        network = Network.start(region, folder / "machine", progress)
        try:
            progress(f"deploying {', '.join(scenarios)}")
            deploy(region, *scenarios, keys=keys or folder / "keys")
            yield network
        except Exception:
            progress(diagnosis(network))
            raise
        finally:
            network.stop()


def deploy(region: Region, *scenarios: str, keys: Path) -> None:
    """Bootstrap the region and deploy scenarios of this project to it by the CDK CLI, side by side."""
    region.bootstrap()
    assembly = synthesize(region, scenarios)
    options = ["--require-approval", "never", "--concurrency", str(len(scenarios))]
    options += deploy_options(region, assembly, scenarios, keys)
    region.cdk("deploy", *scenarios, *options, app=str(assembly))


def diagnosis(network: Network) -> str:
    """Return the states that the devices and gateways report, for the message of a failure."""
    nodes = network.state()
    kinds = {name: one["kind"] for name, one in nodes.items() if one["kind"] in DIAGNOSIS}
    answers = {name: network.call(name, *DIAGNOSIS[kind]) for name, kind in kinds.items()}
    follower = (network.machine.folder / "follower.log").read_text()
    return "\n".join([*(f"{name}:\n{one['output']}{one['errors']}" for name, one in answers.items()), follower[-3000:]])


def up(network: Network, count: int) -> bool:
    """Tell whether at least so many tunnels are UP by the region's own telemetry."""
    connections = network.region.client("ec2").describe_vpn_connections()["VpnConnections"]
    states = [tunnel["Status"] for connection in connections for tunnel in connection.get("VgwTelemetry", [])]
    return states.count("UP") >= count


def devices(network: Network) -> list[str]:
    """Return the ids of the instances with user-data, by name."""
    return [one.id for one in network.deployed().devices]


def hosts(network: Network) -> list[str]:
    """Return the ids of the instances without user-data, by name."""
    return [one.id for one in network.deployed().hosts]


def statuses(network: Network) -> dict[str, dict[str, Any]]:
    """Return what ``cgw-status`` says on each device; nothing for one that has no such program or does not answer."""
    found = {}
    for device in devices(network):
        answer = network.call(device, "cgw-status", "--json")
        try:
            found[device] = dict(json.loads(answer["output"]))
        except ValueError:
            found[device] = {}
    return found
