"""One tunnel of a VPN connection, as the region keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Tunnel:
    """One tunnel: its requested options, the assigned values, and the state that the network reports.

    Attributes:
        is_played: The region signals in place of the device. It then also brings the tunnel up again after a change.
    """

    outside_address: str
    inside_cidr: str
    pre_shared_key: str
    options: dict[str, Any]
    status: str = "DOWN"
    status_message: str = ""
    last_change: datetime = field(default_factory=lambda: datetime.now(UTC))
    learned_prefixes: list[str] = field(default_factory=list)
    negotiated: dict[str, Any] = field(default_factory=dict)
    replaced_at: datetime | None = None
    is_played: bool = False
    counted: tuple[int, int] = (0, 0)
    unpublished: tuple[int, int] = (0, 0)

    def report(self, status: str, message: str, prefixes: list[str], negotiated: dict[str, Any]) -> None:
        if status != self.status:
            self.last_change = datetime.now(UTC)
        self.status, self.status_message = status, message
        self.learned_prefixes = prefixes if status == "UP" else []
        self.negotiated = negotiated

    def restart(self) -> None:
        """Drop the tunnel, as a change of its options or of its endpoint does."""
        self.report("DOWN", "", [], {})
        if self.is_played:
            self.report("UP", "the region plays the device", [], {})

    def count_traffic(self, bytes_in: int | None, bytes_out: int | None) -> None:
        """Note the tunnel's counters, received and sent; they start again at 0 with each security association."""
        before, now = self.counted, (bytes_in or 0, bytes_out or 0)
        if bytes_in is None or bytes_out is None:
            return
        received, sent = (new - old if new >= old else new for new, old in zip(now, before, strict=True))
        self.counted = now
        self.unpublished = (self.unpublished[0] + received, self.unpublished[1] + sent)

    def take_traffic(self) -> tuple[int, int]:
        """Return the bytes received and sent since the last call."""
        taken, self.unpublished = self.unpublished, (0, 0)
        return taken
