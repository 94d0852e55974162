"""The code blocks of the documents, and the commands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tools.site.pages import markdown_files

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
SHELL = ("", "sh", "bash", "console")
"""A block without a language holds commands: what is none says ``text``."""
PROMPT = "$ "


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What a person types: every line, or with ``console`` those after a prompt. A backslash joins two lines."""
        text = self.text.replace("\\\n", " ")
        lines = text.splitlines()
        if self.language == "console":
            lines = [line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT)]
        return [line for line in lines if line.strip() and not line.startswith("#")]


def blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages in these languages."""
    found = []
    for page in markdown_files(ROOT):
        text = (ROOT / page).read_text()
        found += [
            Block(page, text.count("\n", 0, match.start()) + 1, match["language"], match["text"])
            for match in FENCE.finditer(text)
            if match["language"] in languages
        ]
    return found
