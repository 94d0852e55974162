"""How a command of the laboratory ends when it cannot do what was asked."""

from __future__ import annotations

import typer
from rich.console import Console

errors = Console(stderr=True, highlight=False)


class Refused(typer.Exit):
    """Ends a command with a message on stderr and exit code 1."""

    def __init__(self, problem: Exception) -> None:
        errors.print("[red]error:[/red]", end=" ")
        errors.print(str(problem), soft_wrap=True, markup=False)
        super().__init__(1)
