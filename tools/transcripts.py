"""Runs the demonstration of each scenario and writes its output to the documentation: ``make transcripts``."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from tools.bench.record import describe_machine, sentence
from tools.marked import replace_marked
from tools.pages import page_of, scenarios
from vpn_lab.network.machine import image

RUNS = Path("docs/runs")
SECTION = "run"
COLUMNS = 118
HEADING = re.compile(r"^\d+\. (?P<title>.+?) \(\d+ s\)$")
FIRST, LAST = "Before the first tunnel was up", "cdk destroy"

TEMPLATE = """The output of `make demo SCENARIO={scenario}` on {day}, from the end of the deployment on.
[Complete output](../runs/{scenario}.txt).
Machine: {machine}.

```text
{excerpt}
```"""


def run(scenario: str) -> str:
    """Run the demonstration, show its output, and return it.

    Raises:
        SystemExit: The demonstration failed.
    """
    command = [sys.executable, "-m", "vpn_lab.demo", scenario]
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "PYTHONUNBUFFERED": "1"}
    lines = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    if process.returncode:
        raise SystemExit(
            f"the demonstration of {scenario} failed with exit code {process.returncode}; its page was not changed"
        )
    return "\n".join(lines).strip() + "\n"


def excerpt(transcript: str) -> str:
    """Return those steps of a complete transcript that send packets.

    Raises:
        LookupError: The transcript has no such steps.
    """
    lines = transcript.splitlines()
    titles = {number: found["title"] for number, line in enumerate(lines) if (found := HEADING.match(line))}
    begin = next((number for number, title in titles.items() if title == FIRST), None)
    end = next((number for number, title in titles.items() if title.startswith(LAST)), None)
    if begin is None or end is None:
        raise LookupError(f"the transcript has no steps {FIRST!r} and {LAST!r}")
    return "\n".join(lines[begin:end]).strip()


def write(scenario: str, transcript: str, machine: dict[str, str]) -> None:
    """Save a transcript, and write its excerpt to the scenario's page."""
    RUNS.mkdir(exist_ok=True)
    (RUNS / f"{scenario}.txt").write_text(transcript)
    content = TEMPLATE.format(
        day=date.today().isoformat(),
        scenario=scenario,
        machine=sentence(machine),
        excerpt=excerpt(transcript),
    )
    page = page_of(scenario)
    page.write_text(replace_marked(page.read_text(), SECTION, content, "transcripts"))


def main() -> None:
    """Run, and write."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.transcripts",
        description="Run the demonstration of each scenario, and write what it printed into docs/.",
        epilog="Example: python -m tools.transcripts ScenarioSingleTunnel",
    )
    parser.add_argument("scenarios", nargs="*", help="which (all that `cdk ls` lists)")
    arguments = parser.parse_args()
    for scenario in arguments.scenarios or scenarios():
        machine = describe_machine(image.ready(print))
        write(scenario, run(scenario), machine)
        print(f"{RUNS / scenario}.txt", page_of(scenario), sep="\n")


if __name__ == "__main__":
    main()
