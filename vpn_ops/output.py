"""What commands print. Text from arguments, files and AWS is printed as it is: rich reads no markup in it.

Control characters are shown as escapes, so that no name can hide another one or write to the terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vpn_model.printable import printable

WIDEST = 1000
"""Columns of output that goes to a file or another program, so that no row is broken."""


def show_json(answer: Any) -> None:
    """Print an answer for programs."""
    sys.stdout.write(json.dumps(answer, indent=2) + "\n")


def show_lines(*lines: str) -> None:
    """Print lines for people. They are never wrapped, so commands and paths in them can be copied."""
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))


def show_table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table for people."""
    table = Table(*titles, box=None)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else WIDEST).print(table)


def show_error(problem: str) -> None:
    """Print an error as one line on stderr."""
    _show_on_stderr("error:", "red", problem)


def show_warning(problem: str) -> None:
    """Print a warning as one line on stderr."""
    _show_on_stderr("warning:", "yellow", problem)


def _show_on_stderr(word: str, style: str, problem: str) -> None:
    line = Text.assemble((word, style), " ", printable(" ".join(problem.split())))
    Console(stderr=True, highlight=False).print(line, soft_wrap=True)
