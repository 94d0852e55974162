"""Probes, on a socket that is played and once on a real one."""

from __future__ import annotations

import socket
import struct
from typing import Any

import pytest
from cgw_device.icmp import (
    ECHO_REPLY,
    ECHO_REQUEST,
    Prober,
    answered_sequence,
    checksum,
    echo,
    interface_index,
)
from hypothesis import given
from hypothesis import strategies as st

IP_HEADER = b"\x45" + b"\0" * 19


class FakeSocket:
    """A raw socket whose far end answers, or does not."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.inbox: list[tuple[bytes, tuple[str, int]]] = []
        self.bound: tuple[str, int] | None = None
        self.device = b""
        self.closed = False
        self.refuses: type[OSError] | None = None

    def setsockopt(self, _level: int, _option: int, value: bytes) -> None:
        self.device = value

    def bind(self, address: tuple[str, int]) -> None:
        if self.refuses:
            raise self.refuses
        self.bound = address

    def sendto(self, data: bytes, _address: tuple[str, int]) -> int:
        if self.refuses:
            raise self.refuses
        self.sent.append(data)
        return len(data)

    def recvfrom(self, _size: int) -> tuple[bytes, tuple[str, int]]:
        if not self.inbox:
            raise BlockingIOError
        return self.inbox.pop(0)

    def close(self) -> None:
        self.closed = True


class Link:
    """An interface that can go and come back, and the sockets that were bound to it."""

    def __init__(self) -> None:
        self.index = 7
        self.sockets: list[FakeSocket] = []
        self.refuses: type[OSError] | None = None

    def open(self) -> Any:
        fresh = FakeSocket()
        fresh.refuses = self.refuses
        self.sockets.append(fresh)
        return fresh

    def index_of(self, _name: str) -> int:
        if not self.index:
            raise OSError("no such device")
        return self.index

    def prober(self) -> Prober:
        return Prober("ipsec1", "169.254.10.2", "169.254.10.1", self.open, self.index_of)


def answer_to(request: bytes, kind: int = ECHO_REPLY) -> bytes:
    _, _, _, identifier, sequence = struct.unpack_from("!BBHHH", request)
    return IP_HEADER + echo(kind, identifier, sequence)


@given(st.binary(max_size=64))
def test_a_message_with_its_checksum_sums_to_zero(data: bytes) -> None:
    assert checksum(echo(ECHO_REQUEST, 1, 2, data)) == 0


@given(st.binary(max_size=64))
def test_no_packet_from_the_wire_is_mistaken_or_raises(packet: bytes) -> None:
    assert answered_sequence(packet, 4711) in (None, *range(65536))


def test_an_interface_is_known_by_the_number_that_the_kernel_gives_it() -> None:
    assert [(interface_index(name), name) for _, name in socket.if_nameindex()] == socket.if_nameindex()
    with pytest.raises(OSError, match="nowhere0"):
        interface_index("nowhere0")


def test_a_probe_leaves_through_its_tunnel_and_its_answer_is_received() -> None:
    link = Link()
    prober = link.prober()
    assert prober.send(1.0)
    (opened,) = link.sockets
    assert (opened.device, opened.bound) == (b"ipsec1\0", ("169.254.10.2", 0))
    opened.inbox.append((answer_to(opened.sent[0]), ("169.254.10.1", 0)))
    assert prober.receive() == [1.0]
    assert not prober.receive()


def test_an_answer_tells_which_probe_it_answers_and_counts_once() -> None:
    link = Link()
    prober = link.prober()
    for moment in (1.0, 2.0, 3.0):
        prober.send(moment)
    (opened,) = link.sockets
    for request in (opened.sent[2], opened.sent[0], opened.sent[0]):
        opened.inbox.append((answer_to(request), ("169.254.10.1", 0)))
    assert prober.receive() == [3.0, 1.0]


def test_only_the_far_end_s_answer_to_our_probe_counts() -> None:
    link = Link()
    prober = link.prober()
    prober.send(1.0)
    (opened,) = link.sockets
    request = opened.sent[0]
    opened.inbox += [
        (answer_to(request), ("169.254.10.9", 0)),
        (answer_to(request, kind=ECHO_REQUEST), ("169.254.10.1", 0)),
        (IP_HEADER + echo(ECHO_REPLY, 0x1234 ^ struct.unpack_from("!4xH", request)[0], 1), ("169.254.10.1", 0)),
        (b"", ("169.254.10.1", 0)),
        (IP_HEADER, ("169.254.10.1", 0)),
    ]
    assert not prober.receive()


def test_a_tunnel_that_is_not_there_takes_no_probe() -> None:
    link = Link()
    link.index = 0
    prober = link.prober()
    assert not prober.send(1.0)
    assert not prober.receive()
    assert link.sockets == []


def test_a_tunnel_that_came_back_is_probed_through_a_new_socket() -> None:
    link = Link()
    prober = link.prober()
    prober.send(1.0)
    link.index = 8
    assert prober.send(1.0)
    assert [opened.closed for opened in link.sockets] == [True, False]
    assert prober.interface_index == 8


def test_an_inside_address_that_is_late_is_tried_again() -> None:
    link = Link()
    link.refuses = OSError
    prober = link.prober()
    assert not prober.send(1.0)
    link.refuses = None
    assert prober.send(1.0)


def test_a_kernel_that_refuses_to_send_is_a_lost_probe() -> None:
    link = Link()
    prober = link.prober()
    prober.send(1.0)
    link.sockets[0].refuses = OSError
    assert not prober.send(1.0)
    link.sockets[0].refuses = None
    assert prober.send(1.0)
