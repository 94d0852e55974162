"""Running programs, in the machine or in one of its network namespaces."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

NAMESPACES = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class CommandError(RuntimeError):
    """A program ended with another exit code than 0."""


def run(command: list[str], *, text: str | None = None, timeout: float = 60) -> str:
    """Run a program to its end and return what it printed.

    Raises:
        CommandError: It failed; the message holds what it was given and what it said.
    """
    ended = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    if ended.returncode:
        given = f"\n{text.strip()}" if text else ""
        raise CommandError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr.strip()}{given}")
    return ended.stdout


def within(namespace: str) -> list[str]:
    """Return the words before a command that make it run in a network namespace."""
    return ["nsenter", f"--net={NAMESPACES / namespace}"]


def ip_batch(namespace: str, lines: Iterable[str]) -> None:
    """Run many ``ip`` commands in one process; the first that fails ends it."""
    text = "\n".join(lines)
    if text:
        run(["ip", "-netns", namespace, "-batch", "-"], text=text + "\n")


def socket_in(namespace: str, make: Callable[[], socket.socket]) -> socket.socket:
    """Return a socket made in a network namespace: it belongs there, whoever uses it."""
    made: list[socket.socket] = []
    failed: list[OSError] = []

    def enter_and_make() -> None:
        try:
            with (NAMESPACES / namespace).open("rb") as handle:
                if _libc.setns(handle.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), f"namespace {namespace}")
            made.append(make())
        except OSError as problem:
            failed.append(problem)

    # only the thread that calls setns moves, so a thread of its own is moved
    thread = threading.Thread(target=enter_and_make)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def listener_in(namespace: str, address: str, port: int) -> socket.socket:
    """Return a TCP socket that listens in a network namespace."""

    def make() -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(64)
        return listener

    return socket_in(namespace, make)


def overlay(folder: Path) -> Path:
    """Mount the machine's file tree with changes of its own, kept in memory; return where."""
    root = folder / "root"
    for name in ("changes", "work", "root"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if not os.path.ismount(root):
        options = f"lowerdir=/,upperdir={folder / 'changes'},workdir={folder / 'work'}"
        run(["mount", "-t", "overlay", "overlay", "-o", options, str(root)])
    return root
