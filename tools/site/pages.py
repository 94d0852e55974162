"""Which files make the site, and in which order its navigation shows them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

START = "README.md"
GUIDE = ("device", "monitoring", "policy", "scale", "local-region", "local-network", "benchmarks")
"""Pages of docs/ in the order in which they are read; others come after them."""
PROJECT = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "constructs/README.md")
# a Markdown link, or the source of a picture that is written in HTML
LINK = re.compile(r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)|\b(?:src|href)=\"([^\"#:]+)")

Navigation = list[Any]


def markdown_files(root: Path) -> list[str]:
    """Return the Markdown files that belong to the repository, ignored ones left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):  # an unpacked source archive is no git checkout
        folders = [root, *(root / name for name in ("docs", "examples", "constructs"))]
        found = [path for folder in folders for path in folder.glob("*.md" if folder == root else "**/*.md")]
        listed = [path.relative_to(root).as_posix() for path in found]
    return sorted(name for name in set(listed) if (root / name).exists())


def linked_files(root: Path, page: str) -> set[str]:
    """Return the files of the repository that a page links to or shows, Markdown left out."""
    found = set()
    for match in LINK.finditer((root / page).read_text()):
        target = (root / page).parent / (match[1] or match[2])
        if target.suffix != ".md" and target.is_file():
            found.add(target.resolve().relative_to(root.resolve()).as_posix())
    return found


def navigation(pages: list[str]) -> Navigation:
    """Return the navigation over all pages; the name of each is its first heading."""
    guide = [f"docs/{name}.md" for name in GUIDE]
    guide += [page for page in pages if re.fullmatch(r"docs/[^/]+\.md", page) and page not in guide]
    guide += [page for page in pages if page.startswith("examples/")]
    sections: dict[str, list[str]] = {
        "Guide": guide,
        "Scenarios": _folder(pages, "docs/scenarios"),
        "Constructs": _folder(pages, "docs/constructs"),
        "Decisions": _folder(pages, "docs/decisions"),
        "Project": list(PROJECT),
    }
    return [{"Start": START}, *({title: paths} for title, paths in sections.items() if paths)]


def _folder(pages: list[str], folder: str) -> list[str]:
    """The pages of a folder, its README first: it is the page of the folder itself."""
    inside = [page for page in pages if page.startswith(f"{folder}/")]
    return sorted(inside, key=lambda page: (not page.endswith("/README.md"), page))


def listed_in(entries: Navigation) -> list[str]:
    """Return the pages that a navigation leads to."""
    pages: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            pages.append(entry)
        else:
            for value in entry.values():
                pages += listed_in(value) if isinstance(value, list) else [value]
    return pages
