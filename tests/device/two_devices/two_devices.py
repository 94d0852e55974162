"""Two devices of a pair, each on a bench of its own, that receive each other's messages."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from cdk_aws_vpn.device.configuration import DeviceConfig
from tests.device.steering.steering_bench import Bench


class Devices:
    """Two devices on one clock, joined by a link that can be cut."""

    def __init__(self, folder: Path, device: Callable[..., DeviceConfig]) -> None:
        ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for end in ends:
            end.setblocking(False)
        self.first, self.second = (
            # the same tunnels for both: the played bgpd knows no others
            Bench(self._folder(folder, name), device, end)
            for name, end in zip(("first", "second"), ends, strict=True)
        )
        self.first.role("MASTER")
        self.second.role("BACKUP")
        self.running = [self.first, self.second]

    @staticmethod
    def _folder(folder: Path, name: str) -> Path:
        made = folder / name
        made.mkdir()
        return made

    def rounds(self, count: int) -> None:
        for _ in range(count):
            for one in self.running:
                one.rounds(1)
            for one in self.running:
                one.egress.serve()
                one.bgpd.serve()

    def seconds(self, seconds: float) -> None:
        self.rounds(round(seconds / 0.3))

    def close(self) -> None:
        for one in (self.first, self.second):
            one.bgpd.stop()
            if one.link:
                one.link.close()
