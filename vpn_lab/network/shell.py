"""The caller's side of a terminal on a node."""

from __future__ import annotations

import os
import select
import shutil
import socket
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from vpn_lab.network.network import Network

PROGRAM = ("bash", "-i")
CHUNK = 1 << 16


def interact(network: Network, name: str, command: tuple[str, ...] = PROGRAM) -> None:
    """Connect this terminal, or this standard input, to a program on a node until it ends.

    Raises:
        NetworkError: No node has that name, or several have.
        MachineError: The node does not run.
    """
    size = shutil.get_terminal_size()
    link, _ = network.machine.open(
        "shell",
        node=network.node(name),
        command=list(command),
        rows=size.lines,
        columns=size.columns,
        term=os.environ.get("TERM", "dumb"),
    )
    with link, _raw(sys.stdin.fileno()):
        link.settimeout(None)
        link.sendall(b"\n")
        _carry(link, sys.stdin.fileno(), sys.stdout.fileno())


def _carry(link: socket.socket, source: int, target: int) -> None:
    sources = [link.fileno(), source]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if link.fileno() in ready:
            said = link.recv(CHUNK)
            if not said:
                return
            os.write(target, said)
        if source in ready:
            typed = os.read(source, CHUNK)
            if typed:
                link.sendall(typed)
            else:
                # Ctrl-D: the program on the node decides what the end of the input means
                link.sendall(b"\x04")
                sources.remove(source)


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    """Pass every key to the node, including Ctrl-C."""
    if not os.isatty(terminal):
        yield
        return
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
