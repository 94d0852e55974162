"""Pings through one tunnel interface."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path
from typing import Callable

ECHO_REQUEST = 8
ECHO_REPLY = 0
_HEADER = struct.Struct("!BBHHH")
# more probes than are sent within the longest time in which an answer is still of use
_REMEMBERED = 1024


def interface_index(interface: str) -> int:
    """Return the kernel's index of an interface, without the ioctl behind ``socket.if_nametoindex``.

    For a name that does not exist, that ioctl makes the kernel start modprobe and wait for it, at every probe.

    Raises:
        OSError: There is no such interface.
    """
    return int(Path("/sys/class/net", interface, "ifindex").read_text())


class Prober:
    """Sends echo requests to AWS's inside address through a tunnel's interface, and receives the answers.

    When pluto restarts, the interface is deleted and created again, but a socket stays bound to the old one. So the
    socket is opened again whenever the interface has another index.
    """

    def __init__(
        self,
        interface: str,
        device_address: str,
        aws_address: str,
        open_socket: Callable[[], socket.socket] | None = None,
        index_of: Callable[[str], int] = interface_index,
    ) -> None:
        self._interface = interface
        self._device_address = device_address
        self._aws_address = aws_address
        self._open_socket = open_socket or _raw_socket
        self._index_of = index_of
        self._socket: socket.socket | None = None
        self._identifier = os.getpid() & 0xFFFF
        self._sequence = 0
        self._sent_at: dict[int, float] = {}
        self.interface_index = 0

    @property
    def socket(self) -> socket.socket | None:
        """What to wait on for an answer; None while there is no tunnel."""
        return self._socket

    def send(self, now: float) -> bool:
        """Send one probe; return whether the interface accepted it."""
        if not self._ready() or self._socket is None:
            return False
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._sent_at[self._sequence] = now
        self._sent_at.pop((self._sequence - _REMEMBERED) & 0xFFFF, None)
        try:
            self._socket.sendto(echo(ECHO_REQUEST, self._identifier, self._sequence), (self._aws_address, 0))
        except OSError:
            # the interface is down, or the kernel has no SA for it: this probe will not be answered
            return False
        return True

    def receive(self) -> list[float]:
        """Read all answers that have arrived; return when each answered probe was sent."""
        found: list[float] = []
        while self._socket is not None:
            try:
                packet, (source, *_) = self._socket.recvfrom(2048)
            except BlockingIOError:
                break
            except OSError:
                self._close()
                break
            sequence = answered_sequence(packet, self._identifier) if source == self._aws_address else None
            sent_at = None if sequence is None else self._sent_at.pop(sequence, None)
            if sent_at is not None:
                found.append(sent_at)
        return found

    def _ready(self) -> bool:
        try:
            index = self._index_of(self._interface)
        except OSError:
            self._close()
            return False
        if self._socket is None or index != self.interface_index:
            self._close()
            return self._open(index)
        return True

    def _open(self, index: int) -> bool:
        fresh = self._open_socket()
        try:
            fresh.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self._interface.encode() + b"\0")
            fresh.bind((self._device_address, 0))
        except OSError:
            # the interface does not have the inside address yet
            fresh.close()
            return False
        self._socket, self.interface_index = fresh, index
        return True

    def _close(self) -> None:
        self.interface_index = 0
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _raw_socket() -> socket.socket:
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    raw.setblocking(False)
    return raw


def echo(kind: int, identifier: int, sequence: int, data: bytes = b"cgw") -> bytes:
    """Return an ICMP echo message (RFC 792)."""
    unsummed = _HEADER.pack(kind, 0, 0, identifier, sequence) + data
    return _HEADER.pack(kind, 0, checksum(unsummed), identifier, sequence) + data


def checksum(message: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    padded = message + b"\0" * (len(message) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def answered_sequence(packet: bytes, identifier: int) -> int | None:
    """Return the sequence number if an IP packet holds an echo reply with our identifier."""
    if not packet:
        return None
    header_length = (packet[0] & 0x0F) * 4
    if len(packet) < header_length + _HEADER.size:
        return None
    kind, _, _, theirs, sequence = _HEADER.unpack_from(packet, header_length)
    return int(sequence) if kind == ECHO_REPLY and theirs == identifier else None
