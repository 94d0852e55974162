"""Counts requests that may have changed the account, so that a follower reads it only when there is something new."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress

_READS = re.compile(rb"(?:^|&)Action=(?:Describe|Get|Search|Export)")


class Changes:
    """A counter that increases with every request that is not read-only."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def note(self) -> None:
        """Count one change, and wake those who wait. It can be called from any thread."""
        with self._lock:
            self.count += 1
        for loop, event in list(self._waiting):
            loop.call_soon_threadsafe(event.set)

    def note_request(self, body: bytes) -> None:
        """Count a request of the EC2 API unless it only reads."""
        if not _READS.search(body):
            self.note()

    async def after(self, count: int, seconds: float) -> int:
        """Return the counter as soon as it is greater than ``count``, or when the time is over."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(waiter)
        try:
            if self.count <= count:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(waiter[1].wait(), seconds)
        finally:
            self._waiting.discard(waiter)
        return self.count
