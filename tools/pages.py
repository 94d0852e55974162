"""Where the documentation of a scenario stands."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path("docs/scenarios")


def page_of(scenario: str) -> Path:
    """Return the page of a scenario: docs/scenarios/dual-cgw-bgp.md for ScenarioDualCgwBgp."""
    words = re.findall(r"[A-Z][a-z]*", scenario.removeprefix("Scenario"))
    return PAGES / f"{'-'.join(words).lower()}.md"


__all__ = ["PAGES", "page_of"]
