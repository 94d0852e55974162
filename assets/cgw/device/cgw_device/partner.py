"""Two active devices tell each other when AWS may still believe in a path of theirs that leads nowhere.

AWS spreads flows over the tunnels of both devices while all of them announce equal paths. When one tunnel dies, the
others must announce a shorter path, those of the other device too: else AWS would move everything to the few that do.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any, Callable

# Both ends of it; the devices' security group admits the networks behind them.
PORT = 7410
# Messages come with every round of probes. After so long without one the other device is taken for dead.
SILENT_SECONDS = 1.2
MESSAGES_AT_ONCE = 32
# A message: that all is well, or the highest rank of the dead paths that AWS may believe in.
WELL, STALE = "well", "stale"


class Partner:
    """The other device, as far as its messages tell. One that was never heard of says nothing about its paths."""

    def __init__(self, link: socket.socket, stale_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._link = link
        self._stale_seconds = stale_seconds
        self._clock = clock
        self._heard_at: float | None = None
        self._said: int | None = None

    def tell(self, stale: int | None) -> None:
        """Say whether AWS may believe in a dead path of this device, and of which rank."""
        message = WELL if stale is None else f"{STALE} {stale}"
        # nobody there, or no route: the other device notices by the silence
        with contextlib.suppress(OSError):
            self._link.send(message.encode())

    def hear(self) -> None:
        """Take in what has arrived."""
        for _ in range(MESSAGES_AT_ONCE):
            try:
                said = self._link.recv(16).decode("ascii", "replace")
            except BlockingIOError:
                return
            except OSError:
                continue  # the answer to a message of ours: nobody listens there
            self._heard_at = self._clock()
            self._said = _rank(said)

    @property
    def state(self) -> str:
        """``unknown``, ``well``, ``stale`` or ``silent``."""
        if self._heard_at is None:
            return "unknown"
        if self._clock() - self._heard_at > SILENT_SECONDS:
            return "silent"
        return WELL if self._said is None else STALE

    @property
    def stale(self) -> int | None:
        """The highest rank of the paths by which AWS may send to the other device what it does not get any more."""
        if self.state != "silent":
            return self._said
        if self._clock() - (self._heard_at or 0.0) >= self._stale_seconds:
            return None
        # it took its good paths along, which are one above those that were dead already
        return 0 if self._said is None else self._said + 1

    def sockets(self) -> list[Any]:
        """Return what ``hear`` reads from."""
        return [self._link]


def _rank(message: str) -> int | None:
    word, _, rank = message.partition(" ")
    return int(rank) if word == STALE and rank.isdecimal() else None


def link(near_address: str, far_address: str) -> socket.socket:
    """Return a socket that sends to the other device, and takes what that one sends and nothing else."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind((near_address, PORT))
    made.connect((far_address, PORT))
    return made
