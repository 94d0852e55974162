"""A DNS server for one node. It knows only the host names of Client VPN endpoints, with any label in front of them."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from ipaddress import IPv4Address

from vpn_lab.network.guest.commands import call_in

HEADER = struct.Struct("!6H")
ADDRESS, INTERNET_CLASS = 1, 1
ANSWER, NO_ERROR, NO_SUCH_NAME = 0x8400, 0, 3
TTL_SECONDS = 1
ONE_QUESTION = 1


class Resolver:
    """Answers at one address of a namespace. The names that it knows may change at any time."""

    def __init__(self, namespace: str, address: str) -> None:
        self._names: dict[str, list[str]] = {}
        self._socket = call_in(namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                question, sender = self._socket.recvfrom(4096)
                self._socket.sendto(answer(question, self._names), sender)
            except (OSError, ValueError, struct.error, IndexError):
                if self._socket.fileno() < 0:
                    return

    def answer_with(self, names: dict[str, list[str]]) -> None:
        """Answer with these addresses from now on; all other names do not exist."""
        self._names = names

    def close(self) -> None:
        """Stop answering."""
        # close() alone does not wake the waiting thread; shutdown() raises without a peer, but wakes it
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def answer(question: bytes, names: dict[str, list[str]]) -> bytes:
    """Answer one question with all addresses of the name that the question ends with."""
    identifier, flags, count, *_ = HEADER.unpack_from(question)
    if count != ONE_QUESTION:
        raise ValueError("one question is expected")
    name, end = _name(question, HEADER.size)
    kind, _ = struct.unpack_from("!2H", question, end)
    known = [found for host, found in names.items() if name == host or name.endswith(f".{host}")]
    found = known[0] if known and kind == ADDRESS else []
    code = NO_ERROR if known else NO_SUCH_NAME
    header = HEADER.pack(identifier, ANSWER | (flags & 0x0100) | code, 1, len(found), 0, 0)
    records = b"".join(
        struct.pack("!HHHIH", 0xC000 | HEADER.size, ADDRESS, INTERNET_CLASS, TTL_SECONDS, 4) + IPv4Address(one).packed
        for one in found
    )
    return header + question[HEADER.size : end + 4] + records


def _name(question: bytes, start: int) -> tuple[str, int]:
    labels = []
    while question[start]:
        length = question[start]
        labels.append(question[start + 1 : start + 1 + length].decode("ascii").lower())
        start += 1 + length
    return ".".join(labels), start + 1
