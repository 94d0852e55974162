"""``python -m tools.soak``: random faults from a seed, each repaired; in the end everything must be as before."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.bench.record import DATA, PAGE, describe_machine, replace_section
from tools.soak import checks
from tools.soak.report import SECTION, section
from tools.soak.schedule import Step, schedule
from vpn_lab.network.bring_up import hosts, network_of, statuses
from vpn_lab.network.faults import FAULTS, inject
from vpn_lab.network.machine import image
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.network import Network

SCENARIO = "ScenarioDualCgwBgp"
OUTPUT = DATA / "soak.json"
RECOVERY_SECONDS = 240
FINAL_SECONDS = 300
STARTED = time.monotonic()

Facts = dict[str, Any]


def log(text: str) -> None:
    """Print a line with the time since the start."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", flush=True)


def reachable(network: Network) -> bool:
    """Tell whether the hosts of the two networks reach each other."""
    first, second, *_ = hosts(network)
    return network.pings(first, network.address(second)) and network.pings(second, network.address(first))


def calm(network: Network) -> bool:
    """Tell whether every tunnel is up, no device steers, and traffic flows."""
    return checks.all_up(network) and not checks.left_behind(statuses(network)) and reachable(network)


def suffer(network: Network, step: Step) -> Facts:
    """Break, repair after the step's time, and return how long traffic and all tunnels took to come back."""
    facts: Facts = {"fault": step.kind.name, "target": step.target, "seconds": step.seconds}
    strike(network, step)
    broken = time.monotonic()
    facts["traffic_after_seconds"] = _elapsed(network, reachable, step.seconds, broken)
    if step.kind.repair:
        time.sleep(max(0.0, broken + step.seconds - time.monotonic()))
        inject(network, step.kind.repair, step.target)
    repaired = time.monotonic()
    if facts["traffic_after_seconds"] is None:
        facts["traffic_after_seconds"] = _elapsed(network, reachable, RECOVERY_SECONDS, broken)
    facts["tunnels_after_mending_seconds"] = _elapsed(network, checks.all_up, RECOVERY_SECONDS, repaired)
    return facts


def strike(network: Network, step: Step) -> None:
    """Inject the fault of a step."""
    device, _, process = step.target.rpartition("/")
    if step.kind.name == "kill" and process == "monitor":
        # one python3 of several: systemd knows which
        network.run(device, "systemctl", "kill", "--signal=SIGKILL", "cgw-monitor")
    else:
        inject(network, step.kind.name, step.target)


def _elapsed(network: Network, condition: Callable[[Network], bool], seconds: float, since: float) -> float | None:
    """Return the seconds from a moment until a condition held, or ``None`` if it did not hold in time."""
    try:
        network.wait(condition, seconds, "recovery")
    except MachineError:
        return None
    return round(time.monotonic() - since, 1)


def soak(network: Network, seed: int, minutes: float) -> Facts:
    """Inject faults until the time is over; return what happened, and what is wrong at the end."""
    network.wait(calm, FINAL_SECONDS, "everything to be up before the first fault")
    before, memory = checks.census(network), [checks.memory(network)]
    deadline = time.monotonic() + minutes * 60
    faults: list[Facts] = []
    steps = schedule(seed, list(network.tunnels()), checks.names(network), list(FAULTS))
    while time.monotonic() < deadline:
        step = next(steps)
        faults.append(suffer(network, step))
        memory.append(checks.memory(network))
        traffic, tunnels = (faults[-1][f"{what}_seconds"] for what in ("traffic_after", "tunnels_after_mending"))
        log(f"{step.number:3} {step}: traffic after {traffic} s, all tunnels {tunnels} s after the repair")
        if tunnels is None:
            break
    try:
        log(f"calm after {network.wait(calm, FINAL_SECONDS, 'everything to be up and no steering left'):.0f} s")
    except MachineError as problem:
        log(str(problem))
    return {"faults": faults, "memory_megabytes": memory, "problems": problems(network, before, memory, faults)}


def problems(network: Network, before: dict[str, int], memory: list[int], faults: list[Facts]) -> list[str]:
    """Return the problems that are left."""
    found = [f"{one['fault']} {one['target']}: not up again" for one in faults if not _recovered(one)]
    if not checks.all_up(network):
        down = [name for name, one in network.tunnels().items() if not one["established"] or one["bgp"] == "Idle"]
        found.append(f"tunnels are down: {', '.join(down) or 'their BGP sessions'}")
    if not reachable(network):
        found.append("the hosts do not reach each other")
    found += checks.left_behind(statuses(network))
    found += [f"{more} more {name} than before" for name, more in sorted(leaks(network, before).items())]
    if checks.grown(memory[0], memory[-1]):
        found.append(f"memory in use grew from {memory[0]} to {memory[-1]} MB")
    return found


def _recovered(fault: Facts) -> bool:
    return fault["traffic_after_seconds"] is not None and fault["tunnels_after_mending_seconds"] is not None


def leaks(network: Network, before: dict[str, int]) -> dict[str, int]:
    """Return the surplus processes that persist in a second look: a process that is about to end is not a leak."""
    found = checks.leaked(before, checks.census(network))
    if found:
        try:
            network.wait(lambda one: not checks.leaked(before, checks.census(one)), 30, "processes to end")
        except MachineError:
            return checks.leaked(before, checks.census(network))
    return {}


def main() -> None:
    """Run the soak; the exit code is 1 if anything is wrong at the end."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak",
        description=f"Break {SCENARIO} at random; in the end all must be up and nothing left over.",
        epilog="Example: python -m tools.soak --minutes 5 --seed 7",
    )
    parser.add_argument("--minutes", type=float, default=30, help="how long to break things (%(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the faults of an earlier run (a new one)")
    parser.add_argument(
        "--output", type=Path, default=OUTPUT, help="summary; anywhere else, the page stays as it is (%(default)s)"
    )
    arguments = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if arguments.seed is None else arguments.seed
    log(f"seed {seed}: repeat this with  make soak ARGS='--seed {seed}'")
    machine = describe_machine(image.ready(log))
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        network_of(SCENARIO, folder=Path(folder), progress=log) as network,
    ):
        result = soak(network, seed, arguments.minutes)
    summary = {"machine": machine, "scenario": SCENARIO, "seed": seed, "minutes": arguments.minutes, **result}
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(summary, indent=2) + "\n")
    if arguments.output == OUTPUT:
        PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(summary)))
    for problem in result["problems"]:
        log(f"WRONG: {problem}")
    memory = result["memory_megabytes"]
    log(f"{len(result['faults'])} faults, memory in use {memory[0]} → {memory[-1]} MB, summary in {arguments.output}")
    log("all tunnels up, no steering left, no process leaked" if not result["problems"] else "the soak has failed")
    sys.exit(bool(result["problems"]))


if __name__ == "__main__":
    main()
