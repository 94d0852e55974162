"""The section of docs/benchmarks.md about the latest soak."""

from __future__ import annotations

from typing import Any

from tools.bench.record import sentence, worst_and_median

SECTION = "soak"
TEMPLATE = """
The numbers are in [bench/soak.json](bench/soak.json).

Machine: {machine}.

{scenario}, {minutes:g} minutes, seed {seed}: {faults} faults in a row, each repaired before the next. *Traffic* is the
time in seconds from the fault until the hosts reached each other. *Tunnels* is the time from the repair until every
tunnel and BGP session was up:

| Fault | Count | Traffic, worst | median | Tunnels, worst | median |
|---|---:|---:|---:|---:|---:|
{rows}

The next fault is injected as soon as AWS sees all tunnels up. A device may still be booting then; if the next fault
hits the other device, traffic stays interrupted until the boot is complete.

Result: {verdict} Memory in use in the machine: {first} MB before the first fault, {last} MB after the last.
"""


def section(summary: dict[str, Any]) -> str:
    """Return the section."""
    memory = summary["memory_megabytes"]
    problems = summary["problems"]
    return TEMPLATE.format(
        machine=sentence(summary["machine"]),
        scenario=summary["scenario"],
        minutes=summary["minutes"],
        seed=summary["seed"],
        faults=len(summary["faults"]),
        rows="\n".join(rows(summary["faults"])),
        verdict=f"**{'; '.join(problems)}.**" if problems else "all tunnels up, no steering left, no process leaked.",
        first=memory[0],
        last=memory[-1],
    )


def rows(faults: list[dict[str, Any]]) -> list[str]:
    """Return a row for each kind of fault, by name."""
    names = ("traffic_after_seconds", "tunnels_after_mending_seconds")
    found = []
    for kind in sorted({one["fault"] for one in faults}):
        chosen = [one for one in faults if one["fault"] == kind]
        cells = [_cells([one[name] for one in chosen]) for name in names]
        found.append(f"| {kind} | {len(chosen)} | {' | '.join(cells)} |")
    return found


def _cells(seconds: list[float | None]) -> str:
    """Return the worst value and the median; what never recovered counts as worst."""
    known = [one for one in seconds if one is not None]
    if not known:
        return "never | never"
    worst, middle = worst_and_median(known)
    return f"{'never' if None in seconds else f'{worst:.1f}'} | {middle:.1f}"
