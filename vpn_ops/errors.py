"""The error that an operator can fix: a command prints its message and ends with exit code 1."""

from __future__ import annotations

__all__ = ["OperatorError"]


class OperatorError(RuntimeError):
    """Something is missing or was refused. The message says what to do."""
