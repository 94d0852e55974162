"""Two devices tell each other what AWS may believe of their paths.

AWS believes in the path of a dead tunnel until its timers end. The device that goes on must announce a shorter one, and
how short depends on what the other device has announced. Two active devices need it for more: AWS spreads flows over
the tunnels of both while all announce equal paths, and when one tunnel dies, the others must all become shorter, or
AWS would move everything to the few that did.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any, Callable

# Both ends of it; the devices' security group admits the networks behind them.
PORT = 7410
# From <linux/in.h>, which this Python does not name: an address may be bound before the interface has it.
IP_FREEBIND = 15
# Messages come with every round of probes. After so long without one the other device is taken for dead.
SILENT_SECONDS = 1.2
MESSAGES_AT_ONCE = 32
# What stands for no path that AWS may believe in.
NOTHING = "-"
WELL, STALE = "well", "stale"


class Link:
    """A socket that sends to the other device, and takes what that one sends and nothing else.

    It is not connected: without a route, as while an interface comes, that would fail, and here it is only a silence.
    """

    def __init__(self, own_address: str, partner_address: str) -> None:
        self._partner = (partner_address, PORT)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
        self._socket.bind((own_address, PORT))

    def send(self, message: bytes) -> None:
        """Send a message. ``OSError``: there is no route."""
        self._socket.sendto(message, self._partner)

    def recv(self, size: int) -> bytes:
        """Return the next message, empty if a stranger sent it. ``BlockingIOError``: there is none."""
        message, sender = self._socket.recvfrom(size)
        return message if sender == self._partner else b""

    def fileno(self) -> int:
        """Return what ``select`` waits for."""
        return self._socket.fileno()

    def close(self) -> None:
        """Send and take nothing any more."""
        self._socket.close()


class Partner:
    """The other device, as far as its messages tell. One that was never heard of says nothing about its paths."""

    def __init__(
        self, link: Link | socket.socket, stale_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._link = link
        self._stale_seconds = stale_seconds
        self._clock = clock
        self._heard_at: float | None = None
        self._stale: int | None = None
        self.rank: int | None = None
        """The highest rank of the paths that it uses, or used when it was last heard of."""

    def tell(self, stale: int | None, rank: int | None) -> None:
        """Say the highest ranks of this device's dead paths that AWS may believe in, and of the paths that it uses."""
        message = " ".join(NOTHING if one is None or one < 0 else str(one) for one in (stale, rank))
        # nobody there, or no route: the other device notices by the silence
        with contextlib.suppress(OSError):
            self._link.send(message.encode())

    def hear(self) -> None:
        """Take in what has arrived."""
        for _ in range(MESSAGES_AT_ONCE):
            try:
                said = self._link.recv(16).decode("ascii", "replace")
            except OSError:
                return
            if not said:
                continue
            self._heard_at = self._clock()
            self._stale, self.rank = _ranks(said)

    @property
    def is_known(self) -> bool:
        """Whether it was ever heard of."""
        return self._heard_at is not None

    @property
    def state(self) -> str:
        """``unknown``, ``well``, ``stale`` or ``silent``."""
        if self._heard_at is None:
            return "unknown"
        if self._clock() - self._heard_at > SILENT_SECONDS:
            return "silent"
        return WELL if self._stale is None else STALE

    @property
    def stale(self) -> int | None:
        """The highest rank of the paths by which AWS may send to the other device what it does not get any more."""
        if self.state != "silent":
            return self._stale
        if self._clock() - (self._heard_at or 0.0) >= self._stale_seconds:
            return None
        # it took its good paths along
        return max((rank for rank in (self._stale, self.rank) if rank is not None), default=None)

    def sockets(self) -> list[Any]:
        """Return what ``hear`` reads from."""
        return [self._link]


def _ranks(message: str) -> tuple[int | None, int | None]:
    stale, _, rank = message.partition(" ")
    return int(stale) if stale.isdecimal() else None, int(rank) if rank.isdecimal() else None
