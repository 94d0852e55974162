"""The names of the scenarios, and the paths of their pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

PAGES = Path("docs/scenarios")


def page_of(scenario: str) -> Path:
    """Return the page of a scenario: docs/scenarios/dual-cgw-bgp.md for ScenarioDualCgwBgp."""
    words = re.findall(r"[A-Z][a-z]*", scenario.removeprefix("Scenario"))
    return PAGES / f"{'-'.join(words).lower()}.md"


def scenarios() -> list[str]:
    """Return what ``cdk ls`` lists, in its order."""
    listed = subprocess.run(["cdk", "ls"], capture_output=True, text=True, check=True).stdout
    return listed.split()
