"""What an operator can mend: each command ends with the message and exit code 1."""

from __future__ import annotations


class OperatorError(RuntimeError):
    """Something is missing or was refused; the message says what to do."""
