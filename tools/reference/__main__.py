"""Writes the generated parts of docs/constructs: ``python -m tools.reference``."""

from __future__ import annotations

from pathlib import Path

from tools.reference.documents import generated_pages
from tools.reference.mistakes import errors_by_option
from tools.reference.reading import read_library

ROOT = Path(__file__).parents[2]


def main() -> None:
    try:
        documents = generated_pages(ROOT, read_library(), errors_by_option())
    except LookupError as problem:
        raise SystemExit(f"reference: {problem.args[0]}") from None
    for path, text in documents.items():
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
