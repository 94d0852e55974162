"""Shows what tools.bench.failover measured: a table, the plot, and the section of docs/benchmarks.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from tools.bench.failover_variants import VARIANTS
from tools.bench.record import DATA, PAGE, Sample, replace_section, sentence, wide_console, worst_and_median

SECTION = "bench-failover"
PLOT = Path("docs/images/bench-failover.svg")
FAULT_TITLES = {
    "blackhole": "the tunnel in use goes silent",
    "delete-ike": "AWS deletes the tunnel's IKE SA",
    "power-off": "the active device loses power",
}
DIRECTIONS = {"to_idc": "AWS → IDC", "to_aws": "IDC → AWS"}
COLORS = {"to_idc": "#ED7100", "to_aws": "#7B4FC4"}

TEMPLATE = """
The numbers are in [bench/bench-failover.json](bench/bench-failover.json).

Machine: {machine}.

The hosts ping each other twenty times per second. An outage is the longest time during which no request arrives in one
direction. When the fault occurs, both directions use the same tunnel of the active device. All times in seconds:

| Fault | Configuration | Runs | AWS → IDC, worst | median | IDC → AWS, worst | median |
|---|---|---:|---:|---:|---:|---:|
{rows}

![Outage of each configuration](images/bench-failover.svg)

- *Our default* is `ScenarioDualCgwBgp` as deployed. Before each fault, the monitor's memory of earlier faults is
  cleared: damping would only make the runs longer.
- *BGP 10/30* is the same network with `cgw-monitor` stopped and the route-maps of the configuration file: a typical
  device with two tunnels. It leaves a silent tunnel when the hold time expires.
- *BGP 1/3* sets these timers at both ends. **It is not verified that AWS accepts a hold time below its 30 s**: AWS's
  end is FRR here.
- *One static tunnel* is `ScenarioSingleTunnel`. It has no other path, so the blackhole is removed after {healed} s,
  which is longer than AWS's hold time and dead peer detection. Any time beyond that in the table is what the tunnel
  needs to recover.
"""


Times = dict[str, tuple[float, float]]


def rows(samples: list[Sample]) -> list[tuple[str, str, list[Sample], Times]]:
    """Return fault, variant, its samples, worst and median by direction, in the order of the page."""
    found = []
    for fault in FAULT_TITLES:
        for variant in VARIANTS:
            chosen = [one for one in samples if one["fault"] == fault and one["variant"] == variant.key]
            if chosen:
                times = {name: worst_and_median(one[name] for one in chosen) for name in DIRECTIONS}
                found.append((fault, variant.title, chosen, times))
    return found


def section(results: dict[str, Any]) -> str:
    """Return the section of the page."""
    samples = results["samples"]
    lines = []
    for fault, title, chosen, times in rows(samples):
        cells = " | ".join(f"{cell(worst, chosen)} | {middle:.2f}" for worst, middle in times.values())
        lines.append(f"| {FAULT_TITLES[fault]} | {title} | {len(chosen)} | {cells} |")
    healed = {one["mended_after"] for one in samples if one["mended_after"]}
    return TEMPLATE.format(
        machine=sentence(results["machine"]),
        rows="\n".join(lines),
        healed=" or ".join(map(str, sorted(healed))) or "some",
    )


def cell(seconds: float, samples: list[Sample]) -> str:
    """Return a time; where traffic was not back at the end of a watch, it is a lower bound."""
    return f"{seconds:.2f}" if all(one["restored"] for one in samples) else f"over {seconds:.2f}"


def show(results: dict[str, Any]) -> None:
    """Print the table."""
    columns = [f"{title}, {kind}" for title in DIRECTIONS.values() for kind in ("worst", "median")]
    table = Table("fault", "configuration", "runs", *columns, box=None)
    for fault, title, chosen, times in rows(results["samples"]):
        cells = [text for worst, middle in times.values() for text in (cell(worst, chosen), f"{middle:.2f}")]
        table.add_row(FAULT_TITLES[fault], title, str(len(chosen)), *cells)
    wide_console().print(table)


def write_report(results: dict[str, Any]) -> None:
    """Write the plot and the section."""
    draw_plot(results["samples"], PLOT)
    PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(results)))
    for path in (DATA / "bench-failover.json", PLOT, PAGE):
        print(path)


def draw_plot(samples: list[Sample], path: Path) -> None:
    """A panel for each fault: every run as a dot, and the worst as a bar."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a second to import, and only the plot needs it

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": SECTION, "font.family": "sans-serif", "font.size": 11})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    faults = [fault for fault in FAULT_TITLES if any(one["fault"] == fault for one in samples)]
    figure, panels = plt.subplots(len(faults), figsize=(7.5, 2.4 * len(faults)), layout="constrained", squeeze=False)
    for fault, axes in zip(faults, panels[:, 0], strict=True):
        draw_panel(axes, [one for one in samples if one["fault"] == fault])
        axes.set_title(FAULT_TITLES[fault], loc="left", fontsize=11)
    panels[0, 0].legend(frameon=False, loc="upper right")
    panels[-1, 0].set_xlabel("seconds without a packet: every run, and the worst")
    figure.savefig(path, metadata={"Date": None}, facecolor="white")
    plt.close(figure)


def draw_panel(axes: Any, samples: list[Sample]) -> None:
    """Draw one fault's bars and dots."""
    variants = [one for one in reversed(VARIANTS) if any(sample["variant"] == one.key for sample in samples)]
    for offset, direction in ((0.2, "to_idc"), (-0.2, "to_aws")):
        for place, variant in enumerate(variants):
            seconds = [one[direction] for one in samples if one["variant"] == variant.key]
            label = DIRECTIONS[direction] if place == 0 else None
            axes.barh(place + offset, max(seconds), 0.36, color=COLORS[direction], alpha=0.35, label=label)
            axes.plot(seconds, [place + offset] * len(seconds), "o", color=COLORS[direction], markersize=4)
            axes.text(max(seconds), place + offset, f"  {max(seconds):.2f} s", va="center", fontsize=9)
    axes.set_yticks(range(len(variants)), [one.title for one in variants])
    axes.set_xlim(0, max(max(one["to_idc"], one["to_aws"]) for one in samples) * 1.15)
    axes.spines[["top", "right"]].set_visible(False)
