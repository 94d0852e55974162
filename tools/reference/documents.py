"""The pages of the reference, with their generated parts as they must be."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from tools.marked import replace_marked
from tools.reference.markdown import write_entry
from tools.reference.mistakes import Errors
from tools.reference.model import Entry

FOLDER = Path("docs/constructs")
PART = re.compile(r"^<!-- (\w+): begin, written by make docs -->$", re.MULTILINE)


def generated_pages(root: Path, library: Mapping[str, Entry], errors: Errors) -> dict[Path, str]:
    """Return each page with its whole new text.

    Raises:
        LookupError: A page has a part for a name that is not public.
    """
    places = places_of(root)
    documents = {}
    for path in sorted((root / FOLDER).glob("*.md")):
        text = path.read_text()
        links = {name: _link(path, page, name) for name, page in places.items()}
        for name in PART.findall(text):
            if name not in library:
                raise LookupError(f"{path}: {name} is no public name of the library; remove its part")
            text = replace_marked(text, name, write_entry(library[name], errors, links), "docs")
        documents[path] = text
    return documents


def places_of(root: Path) -> dict[str, Path]:
    """Return the page of each public name: the one that has a part for it."""
    return {name: path for path in sorted((root / FOLDER).glob("*.md")) for name in PART.findall(path.read_text())}


def _link(here: Path, page: Path, name: str) -> str:
    """A link to the heading of a name, which begins with the name."""
    heading = next(line for line in page.read_text().splitlines() if re.match(rf"## .*\b{name}\b", line))
    anchor = re.sub(r"[^\w\- ]", "", heading.removeprefix("## ")).lower().replace(" ", "-")
    return f"#{anchor}" if page == here else f"{os.path.relpath(page, here.parent)}#{anchor}"
