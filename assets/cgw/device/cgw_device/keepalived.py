"""Receives from keepalived which role this device has, through a named pipe that exists before either of the two."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from cgw_device import state_file

MASTER = "MASTER"
BACKUP = "BACKUP"
_CHANGE = re.compile(rb'INSTANCE "[^"]*" (MASTER|BACKUP|FAULT|STOP)\b')


class Keepalived:
    """The role, as keepalived reports it. It is kept in a file that the next monitor reads too.

    Both keep the pipe open for reading and writing. So a message that keepalived sends while the monitor restarts waits
    in the pipe. When keepalived stops, it removes a pipe that it has created itself; ``renew`` then opens a new one.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / state_file.KEEPALIVED
        self._role_file = folder / state_file.ROLE
        self._pipe: int | None = None
        self._unread = b""
        self.role = state_file.read(self._role_file)

    def sockets(self) -> list[int]:
        """Return what to wait for."""
        return [] if self._pipe is None else [self._pipe]

    def renew(self) -> None:
        """Open the pipe; open it again if it has been replaced."""
        if self._pipe is not None:
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._pipe), self._path.stat()):
                    return
            self.close()
        self._path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self._path, 0o600)
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def receive(self) -> bool:
        """Read the messages that have arrived; return whether one of them reported the role."""
        with contextlib.suppress(BlockingIOError):
            while self._pipe is not None:
                self._unread += os.read(self._pipe, 4096)
        *lines, self._unread = self._unread.split(b"\n")
        roles = [match[1].decode() for match in map(_CHANGE.match, lines) if match]
        if roles:
            self.role = roles[-1]
            state_file.replace(self._role_file, f"{self.role}\n")
        return bool(roles)

    def close(self) -> None:
        """Close the pipe."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
