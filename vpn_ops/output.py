"""What commands print. Text from arguments, files and AWS is printed as it is: rich reads no markup in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDEST = 1000
"""Columns of output that goes to a file or another program, so that no row is broken."""


def show_json(answer: Any) -> None:
    """Print an answer for programs."""
    sys.stdout.write(json.dumps(answer, indent=2) + "\n")


def show_lines(*lines: str) -> None:
    """Print lines for people. They are never wrapped, so commands and paths in them can be copied."""
    sys.stdout.write("\n".join(lines) + "\n")


def show_table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table for people."""
    table = Table(*titles, box=None)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else WIDEST).print(table)


def show_error(problem: str) -> None:
    """Print an error as one line on stderr."""
    line = Text.assemble(("error:", "red"), " ", " ".join(problem.split()))
    Console(stderr=True, highlight=False).print(line, soft_wrap=True)
