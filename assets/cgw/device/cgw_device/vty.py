"""A lasting connection to the vty socket of an FRR daemon, which never makes its user wait.

``vtysh`` starts a process for every command; on a small machine that takes half a second, during which nobody would
look at the tunnels. On the wire a command ends with NUL, and an answer with three NULs and the command's exit code.
"""

from __future__ import annotations

import socket
from collections import deque
from pathlib import Path
from typing import Callable

BGPD = Path("/run/frr/bgpd.vty")
ANSWER_SECONDS = 2.0
RETRY_SECONDS = 0.5
LONGEST_ANSWER = 1 << 20
_END = b"\0\0\0"

Then = Callable[[str], None]


class Vty:
    """Asks one command after the other and calls back with each answer.

    Whatever goes wrong ends the connection: a daemon that is gone, that does not answer in time, or that refuses a
    command. What was asked is forgotten then, and ``epoch`` tells that a new connection has begun.
    """

    def __init__(self, path: Path, opening: list[str], clock: Callable[[], float], say: Callable[[str], None]) -> None:
        self._path = path
        self._opening = opening
        self._clock = clock
        self._say = say
        self._socket: socket.socket | None = None
        self._queue: deque[tuple[str, Then]] = deque()
        self._unsent = b""
        self._received = b""
        self._deadline: float | None = None
        self._retry_at = 0.0
        self._trouble = ""
        self.epoch = 0
        self.open = False
        self.gone = False
        """Whether the daemon does not run: nobody takes connections."""

    @property
    def trouble(self) -> str:
        """Why there is no connection, or nothing."""
        return self._trouble

    def sockets(self) -> tuple[list[socket.socket], list[socket.socket]]:
        """Return what to wait for: for an answer, and to send."""
        waiting = [self._socket] if self._socket else []
        return waiting, waiting if self._unsent or (self._queue and self._deadline is None) else []

    def ask(self, command: str, then: Then = lambda _: None) -> None:
        """Send a command in its turn; ``then`` gets the answer."""
        if self.open:
            self._queue.append((command, then))

    def advance(self) -> None:
        """Do what can be done now: connect, send, take an answer, give up on one."""
        if self._socket is None and self._clock() >= self._retry_at:
            self._connect()
        try:
            while self._socket is not None and self._step(self._socket):
                pass
        except ConnectionError as error:
            # it may be the daemon's end, which is to be known at once
            self._close(str(error), 0.0 if self.open else RETRY_SECONDS)
        except OSError as error:
            self._close(str(error))
        if self._deadline is not None and self._clock() > self._deadline:
            self._close(f"no answer to '{self._queue[0][0]}' within {ANSWER_SECONDS:g} s")

    def close(self) -> None:
        """End the connection."""
        self._close("closed")

    def _connect(self) -> None:
        fresh = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        fresh.setblocking(False)
        try:
            fresh.connect(str(self._path))
        except OSError as error:
            fresh.close()
            self.gone = isinstance(error, (ConnectionRefusedError, FileNotFoundError))
            self._close(f"{self._path}: {error.strerror}")
            return
        self._socket, self.gone = fresh, False
        self.epoch += 1
        self._queue.extend((command, lambda _: None) for command in self._opening[:-1])
        self._queue.append((self._opening[-1], self._opened))

    def _opened(self, _answer: str) -> None:
        self.open, self._trouble = True, ""
        self._say("bgpd: connected")

    def _step(self, connection: socket.socket) -> bool:
        """Make one step; return whether another may be possible."""
        if self._deadline is None:
            if not self._queue:
                return self._receive(connection)
            self._unsent = self._queue[0][0].encode() + b"\0"
            self._deadline = self._clock() + ANSWER_SECONDS
        if self._unsent:
            try:
                self._unsent = self._unsent[connection.send(self._unsent) :]
            except BlockingIOError:
                return False
        return self._receive(connection)

    def _receive(self, connection: socket.socket) -> bool:
        try:
            chunk = connection.recv(1 << 16)
        except BlockingIOError:
            return False
        if not chunk:
            raise ConnectionResetError("the connection ended")
        if len(self._received) > LONGEST_ANSWER:
            raise OSError("an answer without an end")
        self._received += chunk
        text, end, rest = self._received.partition(_END)
        if not end or not rest:
            return True
        self._answered(text.decode(errors="replace"), rest[0])
        return True

    def _answered(self, text: str, code: int) -> None:
        if self._deadline is None:
            raise OSError("an answer to no question")
        command, then = self._queue[0]
        if code:
            raise OSError(f"'{command}' was refused with code {code}: {' '.join(text.split())[:200]}")
        self._queue.popleft()
        self._received, self._deadline = b"", None
        then(text)

    def _close(self, trouble: str, retry_seconds: float = RETRY_SECONDS) -> None:
        if self._socket is not None:
            self._socket.close()
        if trouble != self._trouble:
            self._say(f"bgpd: {trouble}; trying again")
        self._retry_at = self._clock() + retry_seconds
        self._socket, self.open, self._trouble = None, False, trouble
        self._queue.clear()
        self._unsent = self._received = b""
        self._deadline = None
