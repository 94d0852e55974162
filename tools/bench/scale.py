"""Measures synthesis of a hub with many sites: ``python -m tools.bench.scale [--runs 3] [--sites 10 100 1000]``.

Each number is that of a whole process with its children, started as the CDK CLI starts an app: the time, and the peak
of their total memory, from the resident sets in /proc every 50 ms. Pages that two processes share count twice.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.table import Table

from tools.bench.record import (
    DATA,
    PAGE,
    Record,
    Sample,
    describe_machine,
    number_of_runs,
    replace_section,
    sentence,
    wide_console,
)
from vpn_model.read_template.assembly import read_assembly

APP = Path(__file__).with_name("apps") / "sites.py"
SECTION = "bench-scale"
PLOT = Path("docs/images/bench-scale.svg")
SITES = (10, 100, 1000)
LOOK_SECONDS = 0.05
MEGABYTE = 1 << 20

TEMPLATE = """
The numbers are in [bench/bench-scale.json](bench/bench-scale.json).

Machine: {machine}.

A `VpnHub` on one transit gateway with ten sites per stack. Each site has a customer gateway, a BGP connection, alarms,
logs and its share of a dashboard. Time and memory are those of the whole process with its children, without the CDK
CLI. Medians of {runs}:

| Sites | Stacks | Resources | Seconds | Seconds per site | Memory, MB |
|---:|---:|---:|---:|---:|---:|
{rows}

![Synthesis time and memory against the number of sites](images/bench-scale.svg)
"""


def memory(group: int) -> int:
    """Return the memory of all processes of a process group, in bytes."""
    page, held = os.sysconf("SC_PAGE_SIZE"), 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == group:
            held += int(fields[21]) * page
    return held


def sample(sites: int, run: int) -> Sample:
    """Synthesize once.

    Raises:
        SystemExit: The app did not synthesize.
    """
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        environment = os.environ | {"CDK_OUTDIR": folder, "BENCH_SITES": str(sites)}
        errors = Path(folder) / "errors"
        began, most = time.perf_counter(), 0
        with errors.open("w") as sink:
            process = subprocess.Popen(
                [sys.executable, str(APP)], env=environment, stdout=sink, stderr=sink, start_new_session=True
            )
            while process.poll() is None:
                most = max(most, memory(process.pid))
                time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{sites} sites did not synthesize:\n{errors.read_text()[-2000:]}")
        templates = read_assembly(Path(folder))
        return {
            "sites": sites,
            "run": run,
            "seconds": round(seconds, 2),
            "megabytes": round(most / MEGABYTE),
            "stacks": len(templates),
            "resources": sum(len(list(template)) for template in templates),
        }


def rows(samples: list[Sample]) -> list[dict[str, Any]]:
    """Return a row of medians per number of sites."""
    found = []
    for sites in sorted({one["sites"] for one in samples}):
        chosen = [one for one in samples if one["sites"] == sites]
        middle = {name: statistics.median(one[name] for one in chosen) for name in ("seconds", "megabytes")}
        found.append({**chosen[0], **middle, "each": middle["seconds"] / sites})
    return found


def section(results: dict[str, Any]) -> str:
    """Return the section of docs/benchmarks.md."""
    lines = [
        f"| {row['sites']:,} | {row['stacks']} | {row['resources']:,} | {row['seconds']:.1f} | {row['each']:.3f} | "
        f"{row['megabytes']:,.0f} |"
        for row in rows(results["samples"])
    ]
    machine = sentence(results["machine"])
    return TEMPLATE.format(machine=machine, runs=number_of_runs(results["samples"]), rows="\n".join(lines))


def draw_plot(samples: list[Sample], path: Path) -> None:
    """Plot time and memory on logarithmic axes: a straight line of slope one is linear growth."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a second to import, and only the plot needs it

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": SECTION, "font.family": "sans-serif", "font.size": 11})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    found = rows(samples)
    figure, panels = plt.subplots(1, 2, figsize=(7.5, 3.2), layout="constrained")
    for axes, name, title, color in zip(
        panels, ("seconds", "megabytes"), ("seconds", "MB of memory"), ("#ED7100", "#7B4FC4"), strict=True
    ):
        axes.loglog([row["sites"] for row in found], [row[name] for row in found], "o-", color=color)
        axes.set_xlabel("sites")
        axes.set_title(title, fontsize=11)
        axes.set_ylim(bottom=min(row[name] for row in found) / 2)
        axes.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def show(results: dict[str, Any]) -> None:
    """Print the table."""
    table = Table("sites", "stacks", "resources", "seconds", "memory, MB", box=None)
    for row in rows(results["samples"]):
        values = (f"{row['seconds']:.1f}", f"{row['megabytes']:.0f}")
        table.add_row(str(row["sites"]), str(row["stacks"]), str(row["resources"]), *values)
    wide_console().print(table)


def main() -> None:
    """Measure, show, write."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.scale",
        description="Measure the synthesis of a hub with many sites.",
        epilog="Example: python -m tools.bench.scale --runs 1 --sites 10 --no-report",
    )
    parser.add_argument("--runs", type=int, default=3, help="of each number of sites (%(default)s)")
    parser.add_argument("--sites", type=int, nargs="+", default=list(SITES), help="how many (10 100 1000)")
    parser.add_argument("--resume", action="store_true", help="keep the samples of a run that was interrupted")
    parser.add_argument("--no-report", action="store_true", help="print the result; leave docs/ as it is")
    arguments = parser.parse_args()
    record = Record(SECTION, ("sites", "run"), resume=arguments.resume)
    machine = describe_machine() | {package: version(package) for package in ("aws-cdk-lib", "jsii")}
    for run in range(1, arguments.runs + 1):
        for sites in arguments.sites:
            if not record.has(sites=sites, run=run):
                record.add(sample(sites, run))
                taken = record.samples[-1]
                print(f"{sites} sites, run {run}: {taken['seconds']} s, {taken['megabytes']} MB", flush=True)
    results: dict[str, Any] = {"machine": machine, "samples": record.samples}
    if not arguments.no_report:
        results = record.finish(DATA / f"{SECTION}.json", machine)
        draw_plot(results["samples"], PLOT)
        PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(results)))
        print(DATA / f"{SECTION}.json", PLOT, PAGE, sep="\n")
    show(results)


if __name__ == "__main__":
    main()
