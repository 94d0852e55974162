"""Errors that a user of the region sees."""

from __future__ import annotations

import subprocess


class RegionError(RuntimeError):
    """The region cannot be started, found or stopped. The message says what to do."""


class CommandFailedError(RegionError):
    """A command that ran against the region failed."""

    def __init__(self, command: list[str], result: subprocess.CompletedProcess[str]) -> None:
        self.result = result
        super().__init__(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
