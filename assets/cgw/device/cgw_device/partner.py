"""The two devices of a pair exchange messages about the paths that they have announced to AWS.

AWS keeps the path of a dead tunnel until its timers expire. The device that continues must announce a shorter path, and
how short depends on what its partner has announced. Two active devices need this even more: AWS spreads flows over the
tunnels of both while all announce equal paths. When one tunnel dies, the paths of all others must become shorter;
otherwise AWS would move all flows to the few whose path did.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any, Callable

# The same at both ends. The devices' security group admits it, as it admits all from the networks behind them.
PORT = 7410
# From <linux/in.h>; this Python has no name for it. It allows to bind an address before the interface has it.
IP_FREEBIND = 15
# Messages come with every round of probes. After so long without one, the partner is considered dead.
SILENT_SECONDS = 1.2
MESSAGES_AT_ONCE = 32
# Stands in a message for: no such path.
NOTHING = "-"
WELL, STALE = "well", "stale"


class Link:
    """A UDP socket that sends to the partner, and discards every message that has not come from the partner's address.

    It is not connected. Without a route, for example while an interface comes up, ``connect`` would fail; sending
    without a route only means that the partner receives nothing.
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
        """Return the next message; empty if it did not come from the partner. ``BlockingIOError``: there is none."""
        message, sender = self._socket.recvfrom(size)
        return message if sender == self._partner else b""

    def fileno(self) -> int:
        """Return what ``select`` waits for."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class Partner:
    """The other device of the pair, as its messages describe it. Its paths are unknown until the first message."""

    def __init__(
        self, link: Link | socket.socket, stale_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._link = link
        self._stale_seconds = stale_seconds
        self._clock = clock
        self._received_at: float | None = None
        self._stale: int | None = None
        self.rank: int | None = None
        """The highest rank of the paths that it uses, or used when its last message was sent."""

    def send(self, stale: int | None, rank: int | None) -> None:
        """Send the highest rank of this device's stale paths, and the highest rank of the paths that it uses."""
        message = " ".join(NOTHING if one is None or one < 0 else str(one) for one in (stale, rank))
        # nothing listens, or there is no route: the partner notices the silence
        with contextlib.suppress(OSError):
            self._link.send(message.encode())

    def receive(self) -> None:
        """Read the messages that have arrived."""
        for _ in range(MESSAGES_AT_ONCE):
            try:
                message = self._link.recv(16).decode("ascii", "replace")
            except OSError:
                return
            if not message:
                continue
            self._received_at = self._clock()
            self._stale, self.rank = _ranks(message)

    @property
    def is_known(self) -> bool:
        """Whether a message was ever received."""
        return self._received_at is not None

    @property
    def state(self) -> str:
        """``unknown``, ``well``, ``stale`` or ``silent``."""
        if self._received_at is None:
            return "unknown"
        if self._clock() - self._received_at > SILENT_SECONDS:
            return "silent"
        return WELL if self._stale is None else STALE

    @property
    def stale(self) -> int | None:
        """The highest rank of the partner's stale paths: AWS may still send through them what never arrives."""
        if self.state != "silent":
            return self._stale
        if self._clock() - (self._received_at or 0.0) >= self._stale_seconds:
            return None
        # its good paths died with it
        return max((rank for rank in (self._stale, self.rank) if rank is not None), default=None)

    def sockets(self) -> list[Any]:
        """Return what ``receive`` reads from."""
        return [self._link]


def _ranks(message: str) -> tuple[int | None, int | None]:
    stale, _, rank = message.partition(" ")
    return int(stale) if stale.isdecimal() else None, int(rank) if rank.isdecimal() else None
