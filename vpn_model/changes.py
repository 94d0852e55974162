"""What happens when an option of a construct changes on a deployed stack.

The rows are in ``data/changes.json``, one for each option of each public construct. They follow CloudFormation's
provider schemas (which properties are create-only, and what is deleted before it is made again) and EC2's
documentation of what a modified connection does; the local region deploys each change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

DATA = "data/changes.json"


class Effect(StrEnum):
    """What a deployment does with the change."""

    IN_PLACE = "in place"
    """The resource is changed, and nothing is interrupted."""
    INTERRUPTS = "interrupts"
    """The resource is changed and keeps its identity, but its work is interrupted."""
    REPLACES = "replaces"
    """Another resource takes its place."""
    NO = "no"
    """The deployment fails and is rolled back."""


@dataclass(frozen=True)
class Change:
    """One row.

    Attributes:
        construct: Public name of the construct or value.
        option: Its option.
        effect: What a deployment does.
        note: What is interrupted or replaced, or why the change fails and what to do instead; may be empty.
        error: The error code with which AWS refuses it; None unless ``effect`` is ``NO``.
    """

    construct: str
    option: str
    effect: Effect
    note: str = ""
    error: str | None = None

    @property
    def sentence(self) -> str:
        """The row as a short text for a table."""
        texts = {
            Effect.IN_PLACE: f"yes; {self.note}" if self.note else "yes",
            Effect.INTERRUPTS: f"yes, but it interrupts {self.note}",
            Effect.REPLACES: f"replaced: {self.note}",
            Effect.NO: f"**no**: {self.note}",
        }
        return texts[self.effect]


@cache
def changes() -> dict[tuple[str, str], Change]:
    """Return all rows: (construct, option) → row."""
    data = json.loads((files("vpn_model") / DATA).read_text())
    return {
        (construct, option): Change(construct, option, Effect(row["effect"]), row.get("note", ""), row.get("error"))
        for construct, options in data["changes"].items()
        for option, row in options.items()
    }
