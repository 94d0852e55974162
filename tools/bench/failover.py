"""Measures outages: ``python -m tools.bench.failover [--runs 5]``.

It compares our device, a typical BGP device, short BGP timers, and the classic single tunnel: the same network and the
same faults, in one run. When a fault occurs, both directions use the same tunnel of the master, so that one fault
measures both. Each sample is saved when it is taken; ``--resume`` continues an interrupted run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from tools.bench.failover_report import show, write_report
from tools.bench.failover_variants import (
    CLOUD_HOST,
    IDC_HOST,
    SETTLE_SECONDS,
    VARIANTS,
    Variant,
    aws_tunnel,
    booted,
    device_tunnel,
    is_active,
)
from tools.bench.record import DATA, Record, Sample, describe_machine
from vpn_lab.network.bring_up import devices, network_of
from vpn_lab.network.faults import inject
from vpn_lab.network.machine import image
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.measuring.outage import Meter
from vpn_lab.network.network import Network

ATTEMPTS = 5
FAULTS = ("blackhole", "delete-ike", "power-off")


def watch_seconds(variant: Variant, fault: str) -> int | None:
    """Return how long a fault is measured, or ``None`` where it makes no sense."""
    return {
        "blackhole": variant.blackhole_seconds,
        "delete-ike": variant.delete_seconds,
        "power-off": variant.power_seconds,
    }[fault]


def plan(variants: Iterable[Variant], faults: Iterable[str], runs: int) -> list[tuple[Variant, str, int]]:
    """Return every sample to take, in order: for each variant, one fault after the other."""
    chosen = list(faults)
    return [
        (variant, fault, run)
        for variant in variants
        for run in range(1, min(runs, variant.most_runs) + 1)
        for fault in chosen
        if watch_seconds(variant, fault) is not None
    ]


def measure(network: Network, variant: Variant, fault: str) -> Sample | None:
    """Break, watch and repair; return nothing if the two directions used different tunnels when the fault was due."""
    target = ""
    if fault == "power-off":
        target = next(one for one in devices(network) if is_active(network, one))
    meter = Meter(network, IDC_HOST, CLOUD_HOST, int(watch_seconds(variant, fault) or 0))
    name = aws_tunnel(network)
    if not name or (variant.two_tunnels and device_tunnel(network) != name):
        meter.result()
        return None
    outside = next(address for address, one in network.tunnels().items() if one["name"] == name)
    target = target or outside
    inject(network, fault, target)
    healing = None
    if fault == "blackhole" and variant.heal_after_seconds is not None:
        healing = threading.Timer(variant.heal_after_seconds, inject, (network, "heal", outside))
        healing.start()
    result = meter.result()
    if healing is not None:
        healing.join()
    repair(network, fault, target)
    directions = {"to_aws": result[IDC_HOST], "to_idc": result[CLOUD_HOST]}
    return {
        "variant": variant.key,
        "fault": fault,
        **{name: round(one.longest_gap_seconds, 3) for name, one in directions.items()},
        "lost": {name: one.lost for name, one in directions.items()},
        "restored": all(one.restored for one in directions.values()),
        "mended_after": variant.heal_after_seconds if fault == "blackhole" else None,
    }


def persistently(network: Network, variant: Variant, fault: str) -> Sample:
    """Measure, repeatedly if necessary: on a busy machine, short timers make sessions fail without a fault.

    Raises:
        MachineError: The two directions used different tunnels each time.
    """
    for _ in range(ATTEMPTS):
        measured = measure(network, variant, fault)
        if measured is not None:
            return measured
        log("the two directions use different tunnels; trying again")
        settle(network, variant, prepare=False)
    raise MachineError(f"{variant.title} is not stable here; continue on an idle machine with --resume")


def repair(network: Network, fault: str, target: str) -> None:
    """End a fault; a deleted security association comes back on its own."""
    opposite = {"blackhole": "heal", "power-off": "power-on"}.get(fault)
    if opposite:
        inject(network, opposite, target)


def settle(network: Network, variant: Variant, *, prepare: bool) -> None:
    """Wait until no effect of an earlier fault is left, and set up the variant if necessary."""
    if prepare:
        network.wait(booted, SETTLE_SECONDS, "the devices to have booted")
        variant.prepare(network)
    seconds = network.wait(variant.settled, SETTLE_SECONDS, f"{variant.title} to settle")
    log(f"settled in {seconds:.0f} s")


def run_scenario(scenario: str, todo: list[tuple[Variant, str, int]], record: Record) -> None:
    """Take the samples of one deployed scenario."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-failover-") as folder,
        network_of(scenario, folder=Path(folder), progress=log) as one,
    ):
        prepared = ""
        for variant, fault, run in todo:
            # our device's memory of a fault dampens the next one; a rebooted device has lost the variant
            settle(one, variant, prepare=variant.key == "ours" or prepared != variant.key)
            sample = {**persistently(one, variant, fault), "run": run}
            record.add(sample)
            prepared = "" if fault == "power-off" else variant.key
            done = "" if sample["restored"] else " and not restored during the measurement"
            log(
                f"{variant.title}, {fault}, run {run}: "
                f"AWS → IDC {sample['to_idc']:.2f} s, IDC → AWS {sample['to_aws']:.2f} s{done}"
            )


STARTED = time.monotonic()


def log(text: str) -> None:
    """Show progress with the time since the start."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, show, write."""
    keys = [variant.key for variant in VARIANTS]
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.failover",
        description="Measure outages of our device and of common configurations, in one run.",
        epilog="Example: python -m tools.bench.failover --runs 2 --variants ours usual --no-report",
    )
    parser.add_argument("--runs", type=int, default=5, help="of each fault with each variant (%(default)s)")
    parser.add_argument("--variants", nargs="+", choices=keys, default=keys, help="which (all)")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=FAULTS[:2], help="which (blackhole delete-ike)")
    parser.add_argument("--resume", action="store_true", help="keep the samples of a run that was interrupted")
    parser.add_argument("--no-report", action="store_true", help="print the result; leave docs/ as it is")
    arguments = parser.parse_args()
    variants = [variant for variant in VARIANTS if variant.key in arguments.variants]
    record = Record("bench-failover", ("variant", "fault", "run"), resume=arguments.resume)
    wanted = plan(variants, arguments.faults, arguments.runs)
    todo = [one for one in wanted if not record.has(variant=one[0].key, fault=one[1], run=one[2])]
    machine = describe_machine(image.ready(log))
    for scenario in dict.fromkeys(variant.scenario for variant, _, _ in todo):
        run_scenario(scenario, [one for one in todo if one[0].scenario == scenario], record)
    results = {"machine": machine, "samples": record.samples}
    if not arguments.no_report:
        results = record.finish(DATA / "bench-failover.json", machine)
        write_report(results)
    show(results)


if __name__ == "__main__":
    main()
