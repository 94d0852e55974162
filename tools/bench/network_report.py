"""Shows what tools.bench.network measured: a table, the plot, and the section of docs/benchmarks.md."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from rich.table import Table

from tools.bench.record import DATA, PAGE, Sample, number_of_runs, replace_section, sentence, wide_console

SECTION = "bench-network"
PLOT = Path("docs/images/bench-network.svg")
TARGETS = {"ScenarioSingleTunnel": 60, "ScenarioDualCgwBgp": 100}

# The event that ends each part. A part that a scenario does not have counts as zero.
PARTS = {
    "machine": "machine boots",
    "built": "network is built",
    "services": "a device's boot script has started its services",
    "ike": "first tunnel: IKE and ESP",
    "bgp": "first BGP session, prefixes learned",
    "both ways": "first ping both ways",
}
COLORS = ("#5B6B7B", "#7AA116", "#ED7100", "#7B4FC4", "#C925D1", "#1B77C5")

TEMPLATE = """
The numbers are in [bench/bench-network.json](bench/bench-network.json).

Machine: {machine}.

Each scenario is first deployed to the local region. The clock then runs from `python -m vpn_lab.network up` (the image
is already built) until the hosts at both ends answer each other's pings. All times in seconds, medians of {runs}:

| Scenario | `cdk bootstrap` and `deploy`, before | {titles} | **from `up` to ping** | slowest | target |
|---|---:|{lines}---:|---:|---:|
{rows}

Each part starts when the previous one ends. A part that is already complete by then counts as zero.
{failed}
![Where the time goes](images/bench-network.svg)

A device's boot, step by step, in seconds after `up` (medians, the first device of each scenario):

| Scenario | {steps} |
|---|{step_lines}
{step_rows}
"""


def parts(sample: Sample) -> dict[str, float]:
    """Return how long each part took."""
    moments = {**sample["moments"], **services_of(sample)}
    reached, found = 0.0, {}
    for name in PARTS:
        moment = max(reached, moments.get(name, reached))
        found[name] = moment - reached
        reached = moment
    return found


def services_of(sample: Sample) -> dict[str, float]:
    """Return when the first device had started its services."""
    moments = [steps["services"] for steps in sample["moments"]["devices"].values() if "services" in steps]
    return {"services": min(moments)} if moments else {}


def by_scenario(samples: list[Sample]) -> dict[str, list[Sample]]:
    """Return the samples of each scenario, in the order in which they came."""
    names = dict.fromkeys(one["scenario"] for one in samples)
    return {name: [one for one in samples if one["scenario"] == name] for name in names}


def medians(samples: list[Sample]) -> dict[str, float]:
    """Return the median of each part."""
    measured = [parts(one) for one in samples]
    return {name: statistics.median(one[name] for one in measured) for name in PARTS}


def totals(samples: list[Sample]) -> tuple[float, float]:
    """Return the median and the longest time to the first ping both ways."""
    seconds = [one["moments"]["both ways"] for one in samples]
    return statistics.median(seconds), max(seconds)


def verdict(scenario: str, seconds: float) -> str:
    """Return the target and whether it is met, if there is one."""
    target = TARGETS.get(scenario)
    return "" if target is None else f"{target}: {'met' if seconds <= target else '**missed**'}"


def first_device(samples: list[Sample]) -> dict[str, float]:
    """Return the median moment of each step of the first device's boot."""
    devices: list[dict[str, float]] = [next(iter(one["moments"]["devices"].values()), {}) for one in samples]
    return {step: statistics.median(one[step] for one in devices if step in one) for step in devices[0]}


def section(results: dict[str, Any]) -> str:
    """Return the section of the page."""
    grouped = by_scenario(results["samples"])
    rows, step_rows = [], []
    names = list(dict.fromkeys(step for samples in grouped.values() for step in first_device(samples)))
    for scenario, samples in grouped.items():
        middle, slowest = totals(samples)
        before = statistics.median(one["deployment"] for one in samples)
        cells = " | ".join(f"{seconds:.1f}" for seconds in medians(samples).values())
        rows.append(
            f"| {scenario} | {before:.1f} | {cells} | **{middle:.1f}** | {slowest:.1f} | {verdict(scenario, slowest)} |"
        )
        steps = first_device(samples)
        cells = " | ".join(f"{steps[name]:.1f}" if name in steps else "" for name in names)
        step_rows.append(f"| {scenario} | {cells} |")
    return TEMPLATE.format(
        machine=sentence(results["machine"]),
        runs=number_of_runs(results["samples"]),
        titles=" | ".join(PARTS.values()),
        lines="---:|" * len(PARTS),
        rows="\n".join(rows),
        failed="".join(f"\n**{name} did not come up**: {why}.\n" for name, why in results["failed"].items()),
        steps=" | ".join(names),
        step_lines="---:|" * len(names),
        step_rows="\n".join(step_rows),
    )


def show(results: dict[str, Any]) -> None:
    """Print the table."""
    table = Table("scenario", "deployed in", *PARTS, "from up to ping", "target", box=None)
    for scenario, samples in by_scenario(results["samples"]).items():
        middle, slowest = totals(samples)
        before = statistics.median(one["deployment"] for one in samples)
        cells = [f"{seconds:.1f}" for seconds in medians(samples).values()]
        table.add_row(scenario, f"{before:.1f}", *cells, f"{middle:.1f}", verdict(scenario, slowest))
    console = wide_console()
    console.print(table)
    for scenario, problem in results["failed"].items():
        console.print(f"{scenario} did not come up: {problem}")


def write_report(results: dict[str, Any]) -> None:
    """Write the plot and the section."""
    draw_plot(results["samples"], PLOT)
    PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(results)))
    for path in (DATA / "bench-network.json", PLOT, PAGE):
        print(path)


def draw_plot(samples: list[Sample], path: Path) -> None:
    """Draw a bar per scenario, divided into its parts."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a second to import, and only the plot needs it

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": SECTION, "font.family": "sans-serif", "font.size": 11})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    grouped = dict(reversed(by_scenario(samples).items()))
    figure, axes = plt.subplots(figsize=(7.5, 1.6 + 0.45 * len(grouped)), layout="constrained")
    reached = [0.0] * len(grouped)
    for (name, title), color in zip(PARTS.items(), COLORS, strict=True):
        lengths = [medians(one)[name] for one in grouped.values()]
        axes.barh(range(len(grouped)), lengths, 0.6, left=reached, color=color, label=title)
        reached = [before + length for before, length in zip(reached, lengths, strict=True)]
    for place, seconds in enumerate(reached):
        axes.text(seconds, place, f" {seconds:.0f} s", va="center", fontsize=9)
    axes.set_yticks(range(len(grouped)), list(grouped))
    axes.set(xlabel="seconds after up", xlim=(0, max(reached) * 1.1))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="lower center", bbox_to_anchor=(0.4, 1.0))
    figure.savefig(path, metadata={"Date": None}, facecolor="white")
    plt.close(figure)
