"""The changes that are tried on one family."""

from __future__ import annotations

from dataclasses import dataclass

from tests.region.updates.families import Change


@dataclass(frozen=True)
class Trials:
    in_place: list[Change]
    """Each is one update."""
    replacing: list[list[Change]]
    """Each list is one update of all its changes."""
    refused: list[Change]
    """Each is one update, which is rolled back."""
