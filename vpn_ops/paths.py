"""Paths that a user gives."""

from __future__ import annotations

from pathlib import Path

from vpn_ops.errors import UsageError


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
