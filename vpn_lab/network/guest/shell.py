"""A terminal on a node: one process with a pseudo-terminal, whose bytes travel over the caller's connection."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import termios

CHUNK = 1 << 16


class Shell:
    """A program with its own terminal, which waits until somebody connects to it."""

    def __init__(self, command: list[str], rows: int, columns: int, term: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # the new session's first terminal becomes its own: Ctrl-C reaches what runs there
        become = ["setsid", "--ctty", *command]
        environment = {**os.environ, "TERM": term, "HOME": "/root"}
        self._process = subprocess.Popen(become, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)

    def attend(self, link: socket.socket) -> None:
        """Carry bytes both ways until the program ends or the caller disconnects."""
        try:
            # the caller's first byte confirms that it has read the answer
            if link.recv(1):
                self._carry(link)
        except OSError:
            # EIO: the terminal's last program has ended
            pass
        finally:
            os.close(self._master)
            self._end()

    def _carry(self, link: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([link.fileno(), self._master], [], [])
            if self._master in ready:
                link.sendall(os.read(self._master, CHUNK))
            if link.fileno() in ready:
                typed = link.recv(CHUNK)
                if not typed:
                    return
                os.write(self._master, typed)

    def _end(self) -> None:
        # kill what ignores the hangup
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
