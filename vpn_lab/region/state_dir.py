"""The directory with the files of one region: made for its user alone, and every problem with it in one line."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vpn_lab.region.errors import RegionError

SCRATCH = "tmp"
LEFTOVERS = "ministack-*"
"""Folders that ministack makes for the code of Lambda functions, and leaves behind if it is killed."""


@contextmanager
def usable(state_dir: Path) -> Iterator[None]:
    """Turn an error of the file system into one line that names the directory.

    Raises:
        RegionError: The directory, or a file in it, cannot be used.
    """
    try:
        yield
    except OSError as problem:
        where = problem.filename or state_dir
        raise RegionError(
            f"the state directory {state_dir} cannot be used ({where}: {problem.strerror or problem}); choose another "
            "with --state-dir"
        ) from None


def prepare(state_dir: Path) -> None:
    """Make the directory, or check that nobody else can write to it.

    Anyone who can write to it could exchange the file that says where the region answers.

    Raises:
        RegionError: It belongs to another user, or others can write to it.
        OSError: It cannot be made.
    """
    state_dir.parent.mkdir(parents=True, exist_ok=True)
    state_dir.mkdir(mode=0o700, exist_ok=True)
    check(state_dir)


def check(state_dir: Path) -> None:
    """Check that only its user can write to the directory.

    Raises:
        RegionError: It belongs to another user, or others can write to it.
        OSError: It cannot be read.
    """
    found = state_dir.stat()
    if found.st_uid != os.geteuid():
        raise RegionError(f"the state directory {state_dir} belongs to another user; choose another with --state-dir")
    if stat.S_IMODE(found.st_mode) & 0o022:
        raise RegionError(
            f"other users can write to the state directory {state_dir}; run `chmod go-w` on it, or choose another with "
            "--state-dir"
        )


def scratch(state_dir: Path) -> Path:
    """Return the folder for temporary files, without what an earlier region left there."""
    folder = state_dir / SCRATCH
    folder.mkdir(mode=0o700, exist_ok=True)
    remove_leftovers(state_dir)
    return folder


def remove_leftovers(state_dir: Path) -> None:
    """Remove the code of Lambda functions that do not run any more."""
    for one in (state_dir / SCRATCH).glob(LEFTOVERS):
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
