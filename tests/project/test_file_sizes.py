"""A file has one idea, so it is short. CONTRIBUTING states the number."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_no_python_file_is_longer_than_contributing_says() -> None:
    stated = re.search(r"at most (\d+) lines", (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert stated
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [file for name in listed if (file := REPOSITORY / name).exists()]
    assert len(files) > 300
    lines = {str(file.relative_to(REPOSITORY)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: count for name, count in lines.items() if count > int(stated[1])} == {}
