"""The errors that an operator can fix, and the exit codes of the commands.

0  success
1  something is wrong, and the message says what
2  the command could not do its work: wrong usage, missing packages, no credentials or permission, no answer from AWS,
   a file that cannot be read or written
"""

from __future__ import annotations

WRONG = 1
COULD_NOT_RUN = 2


class OperatorError(RuntimeError):
    """Something is missing or is not as it should be. The message says what to do."""

    exit_code = WRONG


class UsageError(OperatorError):
    """The command cannot run with these arguments or this environment. The message says what to change."""

    exit_code = COULD_NOT_RUN
