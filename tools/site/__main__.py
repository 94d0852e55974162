"""Builds the site: ``python -m tools.site``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.site.build import SiteError, build_site

ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.site", description="Build the documents as a site.")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "site", help="folder (%(default)s)")
    arguments = parser.parse_args()
    try:
        folder = build_site(ROOT, arguments.output)
    except SiteError as problem:
        raise SystemExit(f"site: {problem}") from None
    print(f"site: {folder / 'index.html'}; to look at it: python -m http.server -b 127.0.0.1 -d {folder}")


if __name__ == "__main__":
    main()
