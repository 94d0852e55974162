"""The list of the decision records in docs/decisions/README.md: ``python -m tools.decisions``."""

from __future__ import annotations

import re
from pathlib import Path

from tools.marked import replace_marked

FOLDER = Path(__file__).parents[1] / "docs" / "decisions"
PAGE = FOLDER / "README.md"
TITLE = re.compile(r"^# \d+[.:] (.*)$", re.MULTILINE)
STATUS = re.compile(r"^Status: (.*)$", re.MULTILINE)


def document(text: str) -> str:
    """Return the page with its list as the records are now.

    Raises:
        LookupError: A record has no title with its number, or the page has no part for the list.
    """
    rows = ["| Record | Status |", "|---|---|"]
    for record in sorted(FOLDER.glob("[0-9]*.md")):
        content = record.read_text()
        title, status = TITLE.search(content), STATUS.search(content)
        if title is None:
            raise LookupError(f"{record.name} does not begin with '# ', its number and its title")
        rows.append(f"| [{record.name[:4]}: {title[1]}]({record.name}) | {status[1] if status else ''} |")
    return replace_marked(text, "records", "\n".join(rows), "docs")


if __name__ == "__main__":
    PAGE.write_text(document(PAGE.read_text()))
    print(PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE)
