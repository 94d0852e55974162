"""Folders and files that only their owner can read, and that are complete after a loss of power."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vpn_ops.errors import OperatorError, UsageError

FOLDER_MODE, FILE_MODE = 0o700, 0o600
LOCK_SECONDS = 120.0
_LOOK_SECONDS = 0.05


def given_path(path: Path) -> Path:
    """The absolute path that a user means, with ``~`` and symbolic links resolved.

    Raises:
        UsageError: It begins with ``~`` and the name of a user who does not exist.
    """
    try:
        return path.expanduser().resolve()
    except RuntimeError as problem:
        raise UsageError(f"{path} cannot be resolved: {problem}; write the whole path") from None


def check_outside_repositories(path: Path, option: str) -> None:
    """Refuse a path in a Git work tree: a private key there is soon in a commit.

    Raises:
        UsageError: A folder above the path holds ``.git``.
    """
    repository = next((one for one in path.parents if (one / ".git").exists()), None)
    if repository is not None:
        raise UsageError(f"{path} is inside the repository {repository}; choose a place outside with {option}")


def check_private(folder: Path) -> None:
    """Refuse a folder that others can read or own.

    Raises:
        OperatorError: The folder belongs to another user, or its mode is not 0700.
    """
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise OperatorError(
            f"{folder} belongs to the user with id {found.st_uid}, not to you ({os.geteuid()}); "
            "run the command as that user, or choose another folder with --folder"
        )
    if found.st_mode & 0o077:
        raise OperatorError(f"others can read {folder}; make it private: chmod 700 {folder}")


def private_folder(folder: Path) -> None:
    """Create a folder. Missing parents become private too, which ``parents=True`` alone does not do."""
    for one in reversed([folder, *folder.parents]):
        if not one.exists():
            one.mkdir(mode=FOLDER_MODE, exist_ok=True)
            settle(one.parent)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that is never readable by anybody else, and never half there.

    If the disk is full, the old file stays as it is.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Write the names in a folder to the disk: a new or renamed file is there after a loss of power only then."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def locked(folder: Path, seconds: float | None = None) -> Iterator[None]:
    """Let only one command at a time work in a folder. The lock ends with the process, however that ends.

    Args:
        folder: The folder; the lock is the file ``.lock`` in it.
        seconds: How long to wait for another command. Default: ``LOCK_SECONDS``.

    Raises:
        UsageError: Another command has held the lock all the time.
    """
    seconds = LOCK_SECONDS if seconds is None else seconds
    deadline = time.monotonic() + seconds
    opened = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        while not _taken(opened):
            if time.monotonic() >= deadline:
                raise UsageError(f"another command has been working in {folder} for {seconds:.0f} s; wait for its end")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(opened)


def _taken(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
