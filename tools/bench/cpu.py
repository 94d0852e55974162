"""Measures the processor time of ciphers and probes: ``python -m tools.bench.cpu``.

Ciphers: only OpenSSL on this processor, in blocks of a packet's size, without IPsec, kernel or network.
Probes: the device's monitor with a real bgpd, in network namespaces of this host, with two tunnels that answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.table import Table

from tools.bench.record import (
    DATA,
    PAGE,
    Record,
    describe_machine,
    number_of_runs,
    replace_section,
    sentence,
    wide_console,
)

ROOT = Path(__file__).resolve().parents[2]
SECTION = "bench-cpu"
BLOCK_BYTES = 1400
PROBER_TARGET_PERCENT = 1.0
# name → what protects a packet, one after the other, in OpenSSL's words
SUITES = {
    "AES128-GCM-16 (our default chooses this)": ("aes-128-gcm",),
    "AES256-GCM-16": ("aes-256-gcm",),
    "AES128 and SHA1 (the classic lab)": ("aes-128-cbc", "hmac(sha1)"),
    "AES256 and SHA2-256": ("aes-256-cbc", "hmac(sha256)"),
}
RESULT = re.compile(r"^\+F:\d+:(?P<name>[^:]+):(?P<rate>[\d.]+)$", re.MULTILINE)

TEMPLATE = """
The numbers are in [bench/bench-cpu.json](bench/bench-cpu.json).

Machine: {machine}.

**Ciphers.** `openssl speed` on one core, encrypting blocks of {block} bytes. This measures a native library, not a
tunnel: it shows the cost of the cryptography alone. IPsec, the kernel and the network add the same cost to all of them.
Where encryption and integrity are separate algorithms, the table shows the sum of their times. Median of {runs}:

| Protection of a packet | Nanoseconds per byte | GB/s per core | Compared with our default |
|---|---:|---:|---:|
{rows}

**Probes.** The monitor of a device with two tunnels, which probes every {interval} ms and talks to a real bgpd, uses
**{prober:.2f} % of one core** (measured for {seconds} s in network namespaces of this host, not under emulation;
target {target:.0f} %: {verdict}) and {memory:.0f} MB of memory.
"""


def openssl(algorithm: str, seconds: int) -> float:
    """Return bytes per second of one algorithm."""
    choice = ["-hmac", algorithm[5:-1]] if algorithm.startswith("hmac(") else ["-evp", algorithm]
    command = ["openssl", "speed", "-mr", "-seconds", str(seconds), "-bytes", str(BLOCK_BYTES), *choice]
    return rate(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def rate(output: str) -> float:
    """Return the bytes per second that ``openssl speed -mr`` reports.

    Raises:
        ValueError: It reports none.
    """
    found = RESULT.search(output)
    if found is None:
        raise ValueError(f"openssl reports no speed: {output.strip()[-200:]}")
    return float(found["rate"])


def nanoseconds(rates: list[float]) -> float:
    """Return the cost of a byte that passes through several algorithms one after the other."""
    return sum(1e9 / one for one in rates)


@contextmanager
def monitored(folder: Path) -> Iterator[int]:
    """Run a device's monitor; yield its process id."""
    sys.path[:0] = [str(ROOT / "constructs"), str(ROOT / "assets" / "cgw" / "device")]
    from tests.device.shapes import BGP, dual_tunnel  # noqa: PLC0415
    from tests.device.steering.bgp_cloud import Cloud  # noqa: PLC0415 - needs the paths above
    from tests.device.steering.bgp_network import until  # noqa: PLC0415

    brought = subprocess.run([ROOT / "scripts/device-programs.sh"], capture_output=True, text=True, check=True)
    device = replace(dual_tunnel(), bgp=BGP)
    cloud = Cloud(folder, Path(brought.stdout.strip()))
    try:
        cloud.build({"cgw": device})
        cloud.start_monitor("cgw")
        aws = [tunnel.inside.aws_address for tunnel in device.tunnels]
        until("both sessions are up", lambda: cloud.established("cgw", *aws), 60)
        alive = {"1": "alive", "2": "alive"}
        until("both tunnels answer", lambda: cloud.steering("cgw").get("states") == alive)
        yield cloud.running["cgw", "monitor"].pid
    finally:
        cloud.close()


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(process: int) -> float:
    """Return the memory of a process."""
    facts = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(facts["VmRSS"].split()[0]) / 1024


def prober(seconds: int) -> dict[str, float]:
    """Return the share of a core, in percent, and the memory of the monitor."""
    with tempfile.TemporaryDirectory(prefix="bench-cpu-") as folder, monitored(Path(folder)) as process:
        settings = json.loads((Path(folder) / "cgw" / "device.json").read_text())
        used, began = cpu_seconds(process), time.monotonic()
        time.sleep(seconds)  # the length of the measurement
        elapsed = time.monotonic() - began
        percent = 100 * (cpu_seconds(process) - used) / elapsed
        return {
            "percent": round(percent, 3),
            "megabytes": round(resident_megabytes(process), 1),
            "seconds": seconds,
            "interval_milliseconds": settings["probe"]["interval_milliseconds"],
        }


def ciphers(record: Record, runs: int, seconds: int) -> None:
    """Measure every algorithm, in turn."""
    algorithms = list(dict.fromkeys(one for suite in SUITES.values() for one in suite))
    for run in range(1, runs + 1):
        for algorithm in algorithms:
            if not record.has(algorithm=algorithm, run=run):
                record.add({"algorithm": algorithm, "run": run, "bytes_per_second": openssl(algorithm, seconds)})
                print(f"{algorithm}, run {run}: {record.samples[-1]['bytes_per_second'] / 1e9:.2f} GB/s", flush=True)


def rows(samples: list[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """Return each suite with its nanoseconds per byte, and the ratio to the first one."""
    middle = {
        name: statistics.median(one["bytes_per_second"] for one in samples if one["algorithm"] == name)
        for name in {one["algorithm"] for one in samples}
    }
    costs = {title: nanoseconds([middle[one] for one in suite]) for title, suite in SUITES.items()}
    first = next(iter(costs.values()))
    return [(title, cost, cost / first) for title, cost in costs.items()]


def section(results: dict[str, Any]) -> str:
    """Return the section of docs/benchmarks.md."""
    costs = rows(results["samples"])
    lines = [f"| {title} | {cost:.2f} | {1 / cost:.2f} | {ratio:.1f} times |" for title, cost, ratio in costs]
    percent = results["prober"]["percent"]
    return TEMPLATE.format(
        machine=sentence(results["machine"]),
        block=BLOCK_BYTES,
        runs=number_of_runs(results["samples"]),
        rows="\n".join(lines),
        prober=percent,
        interval=results["prober"]["interval_milliseconds"],
        seconds=results["prober"]["seconds"],
        memory=results["prober"]["megabytes"],
        target=PROBER_TARGET_PERCENT,
        verdict="met" if percent <= PROBER_TARGET_PERCENT else "**missed**",
    )


def show(results: dict[str, Any]) -> None:
    """Print the result."""
    table = Table("protection of a packet", "ns per byte", "GB/s of one core", "against our default", box=None)
    for title, cost, ratio in rows(results["samples"]):
        table.add_row(title, f"{cost:.2f}", f"{1 / cost:.2f}", f"{ratio:.1f} times")
    console = wide_console()
    console.print(table)
    console.print(f"the monitor takes {results['prober']['percent']:.2f} % of a core")


def main() -> None:
    """Measure, show, write."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.cpu",
        description="Measure the cost of ciphers and of probing on this processor.",
        epilog="Example: python -m tools.bench.cpu --runs 1 --seconds 1 --no-report",
    )
    parser.add_argument("--runs", type=int, default=5, help="of each algorithm (%(default)s)")
    parser.add_argument("--seconds", type=int, default=3, help="of each run (%(default)s)")
    parser.add_argument("--prober-seconds", type=int, default=60, help="to watch the monitor for (%(default)s)")
    parser.add_argument("--resume", action="store_true", help="keep the samples of a run that was interrupted")
    parser.add_argument("--no-report", action="store_true", help="print the result; leave docs/ as it is")
    arguments = parser.parse_args()
    version = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split()[1]
    machine = describe_machine() | {"OpenSSL": version}
    record = Record("bench-cpu", ("algorithm", "run"), resume=arguments.resume)
    ciphers(record, arguments.runs, arguments.seconds)
    print(f"watching the monitor for {arguments.prober_seconds} s", flush=True)
    cost = prober(arguments.prober_seconds)
    results = {"machine": machine, "prober": cost, "samples": record.samples}
    if not arguments.no_report:
        results = record.finish(DATA / "bench-cpu.json", machine, prober=cost)
        PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(results)))
        print(DATA / "bench-cpu.json", PAGE, sep="\n")
    show(results)


if __name__ == "__main__":
    main()
