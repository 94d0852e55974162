"""What the laboratory prints: names in brackets are no markup, and control characters stay on the line."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner

from vpn_lab.console import PlainConsole
from vpn_lab.demo import cli as demo
from vpn_lab.demo.report import Checks
from vpn_lab.demo.story import Story
from vpn_lab.network import cli as network
from vpn_lab.region import cli as region

LABORATORY = Path(__file__).parents[2] / "vpn_lab"
EVIL = "[/x] [red]mallory[/red] :smile: \x1b[31m"
SHOWN = r"[/x] [red]mallory[/red] :smile: \x1b[31m"


def test_text_is_shown_as_it_is() -> None:
    out = io.StringIO()
    console = PlainConsole(file=out, width=200, force_terminal=False)
    table = Table(EVIL, title=EVIL)
    table.add_row(EVIL)
    console.print(EVIL)
    console.print(table)
    story = Story(console)
    story.step(EVIL, EVIL)
    story.note(EVIL)
    Checks(console).that(False, EVIL)
    assert out.getvalue().count(SHOWN) == 8
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize(
    ("app", "words"),
    [
        (region.app, ["status", "--state-dir", "/nowhere/[/x]\x1b[31m"]),
        (region.app, ["stop", "--state-dir", "/nowhere/[/x]\x1b[31m"]),
        (network.app, ["status", "--folder", "/nowhere/[/x]\x1b[31m"]),
        (network.app, ["fault", "[/x]\x1b[31m", "--folder", "/nowhere"]),
    ],
)
def test_an_error_shows_a_name_as_it_is(app: object, words: list[str]) -> None:
    ended = CliRunner().invoke(app, words)  # type: ignore[arg-type]
    assert isinstance(ended.exception, SystemExit)
    assert (ended.exit_code, r"[/x]\x1b[31m" in ended.output) == (1, True)


def test_the_demonstration_has_the_same_console() -> None:
    assert isinstance(demo.console, PlainConsole)


def test_no_other_console_is_made() -> None:
    made = {
        str(path.relative_to(LABORATORY))
        for path in LABORATORY.rglob("*.py")
        if re.search(r"(?<!Plain)\bConsole\(|from_markup|markup=True", path.read_text())
    }
    assert made <= {"console.py"}
