"""A permanent connection to the vty socket of an FRR daemon that never makes its user wait.

``vtysh`` starts a process for every command. On a small machine that takes half a second, in which no tunnel would be
probed. On the socket a command ends with NUL, and an answer with three NULs and the command's exit code.
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
    """Sends one command after the other and calls back with each answer.

    Any trouble ends the connection: the daemon has ended, does not answer in time, or refuses a command. All pending
    commands are then dropped. ``epoch`` counts the connections.
    """

    def __init__(self, path: Path, opening: list[str], clock: Callable[[], float], log: Callable[[str], None]) -> None:
        self._path = path
        self._opening = opening
        self._clock = clock
        self._log = log
        self._socket: socket.socket | None = None
        self._queue: deque[tuple[str, Then | None]] = deque()
        self._unsent = b""
        self._received = b""
        self._deadline: float | None = None
        self._retry_at = 0.0
        self._trouble = ""
        self.epoch = 0
        self.open = False
        self.gone = False
        """Whether the daemon does not run: nothing accepts connections."""

    @property
    def trouble(self) -> str:
        """Why there is no connection; empty if there is one."""
        return self._trouble

    def sockets(self) -> tuple[list[socket.socket], list[socket.socket]]:
        """Return what to wait for: what to read answers from, and what to send commands to."""
        waiting = [self._socket] if self._socket else []
        return waiting, waiting if self._unsent or (self._queue and self._deadline is None) else []

    def ask(self, command: str, then: Then | None = None) -> None:
        """Send a command after those before it; ``then`` gets the answer. Without a connection it is dropped."""
        if self.open:
            self._queue.append((command, then))

    def advance(self) -> None:
        """Do what can be done now: connect, send, receive an answer, give up on a late one."""
        if self._socket is None and self._clock() >= self._retry_at:
            self._connect()
        try:
            while self._socket is not None and self._step(self._socket):
                pass
        except ConnectionError as error:
            # the daemon may have ended, which must be known at once
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
        self._queue.extend((command, None) for command in self._opening[:-1])
        self._queue.append((self._opening[-1], self._opened))

    def _opened(self, _answer: str) -> None:
        self.open, self._trouble = True, ""
        self._log("bgpd: connected")

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
            raise ConnectionResetError("bgpd closed the connection")
        if len(self._received) > LONGEST_ANSWER:
            raise OSError(f"an answer of more than {LONGEST_ANSWER} bytes")
        self._received += chunk
        text, end, rest = self._received.partition(_END)
        if not end or not rest:
            return True
        self._answered(text.decode(errors="replace"), rest[0])
        return True

    def _answered(self, text: str, code: int) -> None:
        if self._deadline is None:
            raise OSError("an answer without a command")
        command, then = self._queue[0]
        if code:
            raise OSError(f"'{command}' was refused with code {code}: {' '.join(text.split())[:200]}")
        self._queue.popleft()
        self._received, self._deadline = b"", None
        if then is not None:
            then(text)

    def _close(self, trouble: str, retry_seconds: float = RETRY_SECONDS) -> None:
        if self._socket is not None:
            self._socket.close()
        if trouble != self._trouble:
            self._log(f"bgpd: {trouble}; retrying")
        self._retry_at = self._clock() + retry_seconds
        self._socket, self.open, self._trouble = None, False, trouble
        self._queue.clear()
        self._unsent = self._received = b""
        self._deadline = None
