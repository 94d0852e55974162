"""The output of the demonstration: numbered steps, each with its reason, and the checks that decide the exit code."""

from __future__ import annotations

import time

from rich.console import Console
from rich.text import Text

from vpn_lab.demo.report import Checks
from vpn_model.printable import printable


class Story:
    """One run of the demonstration on a console."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.checks = Checks(console)
        self._number = 0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def step(self, title: str, why: str) -> None:
        """Begin the next step."""
        self._number += 1
        title, why = printable(f"{self._number}. {title}"), printable(why)
        stamp = f"({self.seconds:.0f} s)"
        self.console.print(Text.assemble("\n", (title, "bold"), " ", (f"{stamp}\n{why}", "dim")), highlight=False)

    def note(self, text: str) -> None:
        """Print one line within the current step."""
        self.console.print(f"  {text}", highlight=False, soft_wrap=True)
