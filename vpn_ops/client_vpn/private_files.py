"""Folders and files that only their owner can read."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def private_folder(folder: Path) -> None:
    """Create a folder. Missing parents become private too, which ``parents=True`` alone does not do."""
    for one in reversed([folder, *folder.parents]):
        if not one.exists():
            one.mkdir(mode=FOLDER_MODE)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that is never readable by anybody else, not even while it is being written."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(content)
    partial.replace(path)
