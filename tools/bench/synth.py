"""Measures synthesis: ``python -m tools.bench.synth [--repetitions 7]``.

It answers three questions with whole processes, started as the CDK CLI starts them:

- How much longer do all scenarios take than an empty CDK app?
- How much of that is left when their finished templates are read instead of built?
- What does one more VPN connection cost?

Every repetition runs each app once, in turn, so that a busy moment of the machine affects all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from rich.progress import Progress

from tools.bench.synth_report import TARGET, write_report
from tools.bench.synth_results import Results, Sample
from vpn_model.read_template.assembly import read_assembly

APPS = Path(__file__).with_name("apps")
CONNECTIONS = (1, 10, 50, 100, 200)


def synthesize(app: Path, templates: Path, connections: int | None = None) -> float:
    """Run an app as the CLI would, into an empty folder, and return how long the process took."""
    with tempfile.TemporaryDirectory(prefix="bench-synth-") as folder:
        environment = os.environ | {
            "CDK_OUTDIR": folder,
            "BENCH_CONNECTIONS": str(connections or 0),
            "BENCH_TEMPLATES": str(templates),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        started = time.perf_counter()
        result = subprocess.run(
            [sys.executable, str(app)], env=environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - started
        if result.returncode != 0 or not list(Path(folder).glob("*.template.json")):
            raise SystemExit(f"{app} did not synthesize:\n{result.stderr[-2000:]}")
    return seconds


def measure(repetitions: int) -> Results:
    with tempfile.TemporaryDirectory(prefix="bench-synth-") as folder:
        templates = Path(folder)
        subprocess.run([sys.executable, "app.py"], env=os.environ | {"CDK_OUTDIR": folder}, check=True)
        return _measure(repetitions, templates)


def _measure(repetitions: int, templates: Path) -> Results:
    empty = Sample("empty CDK app", 0, [])
    included = Sample("the finished templates of the scenarios", None, [])
    scenarios = Sample("all scenarios", None, [])
    growth = [Sample(f"{number} connections", number, []) for number in CONNECTIONS]
    load = [round(os.getloadavg()[0], 1)]
    runs = [(empty, APPS / "empty.py"), (included, APPS / "included.py"), (scenarios, Path("app.py"))]
    runs += [(sample, APPS / "connections.py") for sample in growth]
    with Progress() as progress:
        task = progress.add_task("synthesizing", total=(repetitions + 1) * len(runs))
        for repetition in range(repetitions + 1):
            for sample, app in runs:
                seconds = synthesize(app, templates, sample.connections)
                if repetition:  # the first round only warms up the file cache
                    sample.seconds.append(seconds)
                progress.advance(task)
    load.append(round(os.getloadavg()[0], 1))
    names, resources = count_resources(templates)
    return Results(describe_machine(), load, names, resources, empty, included, scenarios, growth)


def count_resources(templates: Path) -> tuple[list[str], int]:
    """Return the names of the scenarios' templates, and the total number of their resources."""
    read = read_assembly(templates)
    return [template.name for template in read], sum(len(list(template)) for template in read)


def describe_machine() -> dict[str, str]:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "node": node.removeprefix("v"),
        **{package: version(package) for package in ("aws-cdk-lib", "cdk-nag", "jsii")},
    }


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.synth", description="Measure synthesis.")
    parser.add_argument("--repetitions", type=int, default=7, help="runs of each app that count (%(default)s)")
    parser.add_argument("--no-report", action="store_true", help="print the result; leave docs/ as it is")
    arguments = parser.parse_args()
    results = measure(arguments.repetitions)
    slope, intercept, r_squared = results.fit
    print(f"measured: {', '.join(results.templates)}")
    print(f"empty CDK app       {results.empty.median:.2f} s")
    print(f"finished templates  {results.included.median:.2f} s, {results.floor:.2f} times as long")
    print(f"all scenarios       {results.scenarios.median:.2f} s, {results.ratio:.2f} times as long (target {TARGET})")
    for sample in results.growth:
        print(f"{sample.name:19} {sample.median:.2f} s")
    print(f"{slope:.1f} ms per connection, {intercept:.2f} s at none, r² = {r_squared:.4f}")
    if not arguments.no_report:
        write_report(results)


if __name__ == "__main__":
    main()
