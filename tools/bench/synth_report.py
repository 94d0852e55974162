"""Writes what tools.bench.synth measured: docs/bench/bench-synth.json, the plot, a section of docs/benchmarks.md."""

from __future__ import annotations

from pathlib import Path

from tools.bench.record import PAGE, replace_section
from tools.bench.synth_results import Results, Sample

DATA = Path("docs/bench/bench-synth.json")
PLOT = Path("docs/images/bench-synth.svg")
SECTION = "bench-synth"
TARGET = 2.0

TEMPLATE = """
The numbers are in [{data}]({data}).

Each number is the time of a whole process: Python starts, imports the app, builds and validates it, writes the
templates and exits. Every repetition runs each app once, in turn, after a warm-up round that does not count. The tables
show the median and the range from the fastest to the slowest run.

Machine: {machine}. Load of the machine at the start and at the end: {load}; the benchmark itself accounts for
about one.

### All scenarios compared with an empty app

| App | Median | Range |
|---|---:|---:|
{comparison}

The {number} scenarios ({names}) take **{ratio:.2f} times** as long as an app with one empty stack; the target is
{target}. {verdict}

An empty app spends its time importing the CDK and preparing the engine that validates templates. The scenarios do the
same, once, and add two things: they create {resources} resources, each with several calls between Python and the CDK's
JavaScript, and {number} templates are validated (the CDK's rules, our own rules, two cdk-nag packs).

The second row shows what no library can save: an app that makes no construct of ours, but lets the CDK read the
{number} finished templates, validate them by the same policy and write them again, takes **{floor:.2f} times** as long
as an empty app.

### Growth with the number of connections

An app with BGP connections, ten per virtual private gateway, each gateway in its own VPC.

| Connections | Median | Range |
|---:|---:|---:|
{growth}

A linear fit through the medians: **{slope:.1f} ms per connection**, including its share of gateway and VPC, on top of
{intercept:.2f} s; r² = {r_squared:.4f}.

![Synthesis time against the number of VPN connections](images/{plot})
"""


def write_report(results: Results) -> None:
    """Write the data, the plot and the section of the page."""
    for path in (DATA, PLOT):
        path.parent.mkdir(parents=True, exist_ok=True)
    DATA.write_text(results.as_json())
    draw_plot(results, PLOT)
    PAGE.write_text(replace_section(PAGE.read_text(), SECTION, section(results)))
    for path in (DATA, PLOT, PAGE):
        print(path)


def section(results: Results) -> str:
    slope, intercept, r_squared = results.fit
    verdict = "The target is met." if results.ratio <= TARGET else "**The target is missed.**"
    return TEMPLATE.format(
        data=DATA.relative_to("docs"),
        plot=PLOT.name,
        machine=", ".join(f"{name} {value}" for name, value in results.machine.items()),
        comparison="\n".join(
            f"| {sample.name} | {times(sample)} |" for sample in (results.empty, results.included, results.scenarios)
        ),
        ratio=results.ratio,
        target=TARGET,
        load=" and ".join(map(str, results.load)),
        number=len(results.templates),
        names=", ".join(results.templates),
        floor=results.floor,
        resources=results.resources,
        verdict=verdict,
        growth="\n".join(f"| {sample.connections} | {times(sample)} |" for sample in results.growth),
        slope=slope,
        intercept=intercept,
        r_squared=r_squared,
    )


def times(sample: Sample) -> str:
    return f"{sample.median:.2f} s | {min(sample.seconds):.2f} to {max(sample.seconds):.2f} s"


def draw_plot(results: Results, path: Path) -> None:
    """Every run as a dot, and the line through the medians."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a second to import, and only the plot needs it

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "bench-synth", "font.family": "sans-serif", "font.size": 11})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    slope, intercept, r_squared = results.fit
    figure, axes = plt.subplots(figsize=(7.5, 4), layout="constrained")
    last = max(sample.connections or 0 for sample in results.growth)
    axes.plot(
        [0, last],
        [intercept, intercept + slope / 1000 * last],
        color="#ED7100",
        label=f"{slope:.1f} ms per connection, r² = {r_squared:.4f}",
    )
    for sample in results.growth:
        axes.plot([sample.connections or 0] * len(sample.seconds), sample.seconds, "o", color="#7B4FC4", alpha=0.6)
    axes.axhline(results.empty.median, color="#5B6B7B", linestyle="--", label="empty CDK app")
    axes.set(xlabel="VPN connections", ylabel="seconds", ylim=(0, None), xlim=(0, last * 1.03))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    figure.savefig(path, metadata={"Date": None}, facecolor="white")
    plt.close(figure)
