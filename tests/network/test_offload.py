"""What the kernel says of new interfaces."""

from __future__ import annotations

import struct

from vpn_lab.network.guest.offload import IFLA_IFNAME, RTM_NEWLINK, new_links

RTM_DELLINK = 17
IFLA_MTU = 4


def attribute(kind: int, value: bytes) -> bytes:
    padding = -len(value) % 4
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(padding)


def message(kind: int, *attributes: bytes) -> bytes:
    body = bytes(16) + b"".join(attributes)
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 0, 0) + body


def test_the_names_of_new_interfaces_are_read_among_other_messages_and_attributes() -> None:
    messages = (
        message(RTM_NEWLINK, attribute(IFLA_MTU, b"\x05\xdc\0\0"), attribute(IFLA_IFNAME, b"ipsec1\0")),
        message(RTM_DELLINK, attribute(IFLA_IFNAME, b"gone\0")),
        message(RTM_NEWLINK, attribute(IFLA_IFNAME, b"peer0\0"), attribute(IFLA_MTU, bytes(4))),
    )
    assert list(new_links(b"".join(messages))) == ["ipsec1", "peer0"]


def test_a_broken_message_ends_the_reading() -> None:
    assert list(new_links(bytes(64))) == []
    assert list(new_links(b"\1")) == []
