"""Switches generic receive offload (GRO) off on every interface that comes into a node.

With it, what leaves an IPsec or GRE tunnel waits in a list of the kernel until that is handed on. Under emulation that
list was found broken once in some hours: a processor followed it for ever, and the machine was dead. Without it such
packets take the way of all others. Who makes an interface need not know: the kernel says when there is a new one.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import select
import socket
import struct
import threading
from collections.abc import Iterator

from vpn_lab.network.guest.commands import socket_in

# from <linux/sockios.h>, <linux/ethtool.h>, <linux/rtnetlink.h> and <linux/if_link.h>
SIOCETHTOOL = 0x8946
ETHTOOL_SGRO = 0x2C
RTMGRP_LINK = 1
RTM_NEWLINK = 16
IFLA_IFNAME = 3
MESSAGE_HEADER, LINK_HEADER, ATTRIBUTE_HEADER = struct.Struct("=IHHII"), 16, struct.Struct("=HH")
ALIGNED = 4
LARGEST = 65536


class Offloads:
    """One thread for all nodes."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._sockets: dict[str, tuple[socket.socket, socket.socket]] = {}
        self._by_number: dict[int, str] = {}
        threading.Thread(target=self._watch, daemon=True).start()

    def watch(self, namespace: str) -> None:
        """Switch it off on what comes from now on."""
        events = socket_in(namespace, _link_events)
        self._sockets[namespace] = events, socket_in(namespace, _any_socket)
        self._by_number[events.fileno()] = namespace
        self._poll.register(events, select.EPOLLIN)

    def forget(self, namespace: str) -> None:
        """Let go of a namespace: as long as a socket is open, it lives on with all its interfaces."""
        if namespace in self._sockets:
            events, control = self._sockets.pop(namespace)
            self._poll.unregister(events)
            self._by_number.pop(events.fileno())
            events.close()
            control.close()

    def _watch(self) -> None:
        while True:
            for number, _ in self._poll.poll():
                # the namespace, or the interface, may be gone again
                with contextlib.suppress(OSError, KeyError):
                    events, control = self._sockets[self._by_number[number]]
                    for name in new_links(events.recv(LARGEST)):
                        _switch_off(control, name)


def _link_events() -> socket.socket:
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
    made.bind((0, RTMGRP_LINK))
    return made


def _any_socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _switch_off(control: socket.socket, name: str) -> None:
    value = ctypes.create_string_buffer(struct.pack("=II", ETHTOOL_SGRO, 0))
    with contextlib.suppress(OSError):  # one that has nothing of the kind, such as lo
        fcntl.ioctl(control, SIOCETHTOOL, struct.pack("=16sQ16x", name.encode(), ctypes.addressof(value)))


def new_links(messages: bytes) -> Iterator[str]:
    """Read from the kernel's messages which interfaces are new, or have changed."""
    while len(messages) >= MESSAGE_HEADER.size:
        length, kind, *_ = MESSAGE_HEADER.unpack_from(messages)
        if kind == RTM_NEWLINK:
            yield from _names(messages[MESSAGE_HEADER.size + LINK_HEADER : length])
        messages = messages[max(_aligned(length), ALIGNED) :]


def _names(attributes: bytes) -> Iterator[str]:
    while len(attributes) >= ATTRIBUTE_HEADER.size:
        length, kind = ATTRIBUTE_HEADER.unpack_from(attributes)
        if kind == IFLA_IFNAME:
            yield attributes[ATTRIBUTE_HEADER.size : length].rstrip(b"\0").decode()
        attributes = attributes[max(_aligned(length), ALIGNED) :]


def _aligned(length: int) -> int:
    return (length + ALIGNED - 1) // ALIGNED * ALIGNED
