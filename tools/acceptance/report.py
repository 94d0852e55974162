"""The report of a run: JSON for programs, Markdown for people."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.acceptance.check import Check, Outcome

PACKAGES = ("aws-cdk-lib", "constructs", "boto3")


@dataclass(frozen=True)
class Result:
    """A check and what it has found."""

    check: Check
    outcome: Outcome
    seconds: float


def write(folder: Path, where: str, begun: datetime, results: list[Result]) -> tuple[Path, Path]:
    """Write both files into a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"acceptance-{begun:%Y-%m-%dT%H%M%SZ}"
    machine, human = folder / f"{name}.json", folder / f"{name}.md"
    machine.write_text(json.dumps(_document(where, begun, results), indent=2, default=str) + "\n")
    human.write_text(_page(where, begun, results))
    return machine, human


def _document(where: str, begun: datetime, results: list[Result]) -> dict[str, Any]:
    return {
        "where": where,
        "begun": begun.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "versions": {"python": platform.python_version(), **{one: version(one) for one in PACKAGES}},
        "checks": [
            {
                "number": one.check.number,
                "title": one.check.title,
                "assumption": one.check.assumption,
                "seconds": round(one.seconds),
                **asdict(one.outcome),
            }
            for one in results
        ],
    }


def _page(where: str, begun: datetime, results: list[Result]) -> str:
    versions = ", ".join(f"{one} {version(one)}" for one in PACKAGES)
    lines = [
        "# What a real account shows",
        "",
        f"Where: {where}. Begun: {begun:%Y-%m-%d %H:%M} UTC. Python {platform.python_version()}, {versions}.",
        "",
        "| # | Check | Assumption | Verdict | Result |",
        "|---:|---|---|---|---|",
    ]
    for one in results:
        check, outcome = one.check, one.outcome
        lines.append(
            f"| {check.number} | {check.title} | {_cell(check.assumption)} | **{outcome.verdict}** "
            f"| {_cell(outcome.sentence)} |"
        )
    for one in results:
        facts = json.dumps(one.outcome.facts, indent=2, default=str)
        lines += ["", f"## {one.check.number}. {one.check.title}", "", f"{one.seconds:.0f} s", ""]
        lines += ["```json", facts, "```"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
