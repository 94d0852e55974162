"""How a command of the laboratory ends when it cannot do what was asked."""

from __future__ import annotations

import typer
from rich.text import Text

from vpn_lab.console import PlainConsole
from vpn_model.printable import printable

errors = PlainConsole(stderr=True, highlight=False)


class Refused(typer.Exit):
    """Ends a command with a message on stderr and exit code 1."""

    def __init__(self, problem: Exception) -> None:
        errors.print(Text.assemble(("error:", "red"), " ", printable(str(problem), "\n")), soft_wrap=True)
        super().__init__(1)
