"""Measures how long a network takes to come up: ``python -m tools.bench.network [--runs 3]``.

Each scenario is first deployed to a region. Then the network is started, and the clock runs from there (``up``) until
the hosts at both ends answer each other's pings. Intermediate moments show where the time goes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from tools.bench.network_report import show, write_report
from tools.bench.record import DATA, Record, Sample, describe_machine
from tools.pages import scenarios
from vpn_lab.network.bring_up import deploy, devices, diagnosis, one_machine
from vpn_lab.network.machine import image
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.network import Network, NetworkError
from vpn_lab.region import Region, RegionError
from vpn_model.unknown import known

UP_SECONDS = 240
FOLLOWED = re.compile(
    r"^(?P<time>\S+ \S+) the network follows the region: new .*\((?P<seconds>[\d.]+) s\)", re.MULTILINE
)
NOTED = re.compile(r"^(?P<time>\d+\.\d+) .*? boot: (?P<step>\S+) ok", re.MULTILINE)
STARTED = time.monotonic()


def log(text: str) -> None:
    """Show progress with the time since the start."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", file=sys.stderr, flush=True)


def bring_up(region: Region, folder: Path) -> dict[str, Any]:
    """Start the network, and return the moments until the first ping, in seconds."""
    began, began_at = time.monotonic(), time.time()
    network = Network.start(region, folder / "machine", log)
    moments: dict[str, Any] = {"machine": time.monotonic() - began}
    try:
        near, far = opposite_hosts(network)
        waiting = {"ike": established, "bgp": has_session, "first ping": lambda one: one.pings(*near)}
        for name, condition in waiting.items():
            if name == "bgp" and not speaks_bgp(network):
                continue
            network.wait(condition, UP_SECONDS, f"{name}, {moments}")
            moments[name] = time.monotonic() - began
        network.wait(lambda one: one.pings(*far), UP_SECONDS, "the way back")
        moments["both ways"] = time.monotonic() - began
        followed = (network.machine.folder / "follower.log").read_text()
        moments["built"] = followed_at(followed) - began_at
        moments["devices"] = device_steps(network, began_at)
    except MachineError:
        log(diagnosis(network))
        raise
    finally:
        network.stop()
    return moments


def opposite_hosts(network: Network) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return sources and targets of the pings, both ways: two hosts in different VPCs."""
    deployed = network.deployed()
    ports = {one.id: deployed.model.interfaces_of(one.id)[0] for one in deployed.hosts}
    near, *others = ports
    far = next(one for one in others if ports[one].vpc_id != ports[near].vpc_id)
    # the agent knows a host only once it is built
    network.wait(lambda one: {near, far} <= one.state().keys(), UP_SECONDS, "the hosts to exist")
    return (near, known(ports[far].primary_address)), (far, known(ports[near].primary_address))


def established(network: Network) -> bool:
    """Tell whether a tunnel has its security associations."""
    return any(one["established"] for one in network.tunnels().values())


def has_session(network: Network) -> bool:
    """Tell whether a tunnel has its BGP session and AWS has learned routes through it."""
    return any(one["bgp"] == "Established" and one["prefixes"] for one in network.tunnels().values())


def speaks_bgp(network: Network) -> bool:
    """Tell whether a connection is dynamic."""
    return any(not one.static_routes_only for one in network.deployed().model.vpn_connections.values())


def followed_at(log: str) -> float:
    """Return the time on this host's clock at which the network was first built.

    Raises:
        LookupError: The follower's log does not contain it.
    """
    found = FOLLOWED.search(log)
    if found is None:
        raise LookupError("the follower has built nothing")
    return datetime.strptime(found["time"], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()


def device_steps(network: Network, began_at: float) -> dict[str, dict[str, float]]:
    """Return when each device completed each step of its boot, in seconds after ``began_at``."""
    names = {one.id: one.name for one in network.instances()}
    found = {}
    for device in devices(network):
        ask = ["sh", "-c", "date +%s.%N; journalctl -t cgw -o short-unix --no-pager"]
        before = time.time()
        clock, _, journal = network.run(device, *ask).partition("\n")
        # the guest's clock is set at boot, and only to the second
        offset = float(clock) - (before + time.time()) / 2
        found[names[device].split("/", 1)[1]] = {
            step: moment - offset - began_at for step, moment in noted(journal).items()
        }
    return found


def noted(journal: str) -> dict[str, float]:
    """Return when each step of a boot was completed, from the device's journal with times in seconds."""
    return {one["step"]: float(one["time"]) for one in NOTED.finditer(journal)}


def sample(scenario: str, run: int) -> Sample:
    """Deploy a scenario, start the network, and measure the times."""
    with tempfile.TemporaryDirectory(prefix="bench-network-") as name, one_machine():
        folder = Path(name)
        with Region.start(state_dir=folder / "region") as region:
            log(f"deploying {scenario}")
            began = time.monotonic()
            deploy(region, scenario, keys=folder / "keys")
            deployment = time.monotonic() - began
            log(f"deployed in {deployment:.0f} s; starting its network")
            moments = bring_up(region, folder)
    rounded = json.loads(json.dumps(moments), parse_float=lambda text: round(float(text), 2))
    return {"scenario": scenario, "run": run, "deployment": round(deployment, 2), "moments": rounded}


def main() -> None:
    """Measure, show, write."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.network",
        description="Measure the time from `up` to the first ping of each scenario.",
        epilog="Example: python -m tools.bench.network --runs 1 --scenarios ScenarioSingleTunnel --no-report",
    )
    parser.add_argument("--runs", type=int, default=3, help="of each scenario (%(default)s)")
    parser.add_argument("--scenarios", nargs="+", help="which (all that `cdk ls` lists)")
    parser.add_argument("--resume", action="store_true", help="keep the samples of a run that was interrupted")
    parser.add_argument("--no-report", action="store_true", help="print the result; leave docs/ as it is")
    arguments = parser.parse_args()
    chosen = arguments.scenarios or scenarios()
    record = Record("bench-network", ("scenario", "run"), resume=arguments.resume)
    machine = describe_machine(image.ready(log))
    failed: dict[str, str] = {}
    for run in range(1, arguments.runs + 1):
        for scenario in chosen:
            if scenario in failed or record.has(scenario=scenario, run=run):
                continue
            try:
                record.add(sample(scenario, run))
            except (MachineError, NetworkError, RegionError, LookupError, StopIteration, ValueError) as problem:
                failed[scenario] = f"{type(problem).__name__}: {str(problem).splitlines()[0] if str(problem) else ''}"
                log(f"{scenario}: {problem}")
                continue
            log(
                f"{scenario}, run {run}: {record.samples[-1]['moments']['both ways']:.1f} s to the first ping both ways"
            )
    results = {"machine": machine, "failed": failed, "samples": record.samples}
    if not arguments.no_report:
        results = record.finish(DATA / "bench-network.json", machine, failed=failed)
        write_report(results)
    show(results)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
