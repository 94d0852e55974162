"""Runs programs in the machine or in one of its network namespaces, and does without a program what is faster that way.

Starting a program takes a tenth of a second under emulation.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

NAMESPACES = Path("/run/netns")
SETTINGS = Path("/proc/sys/net")
# from <sched.h>, <linux/mount.h>, <linux/sockios.h> and <linux/if.h>
_CLONE_NEWNET = 0x40000000
_MS_BIND = 0x1000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]


class CommandError(RuntimeError):
    """A program failed."""


def run(command: list[str], *, text: str | None = None, timeout: float = 60) -> str:
    """Run a program to its end and return its output.

    Raises:
        CommandError: It failed; the message contains its input and its output.
    """
    ended = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    if ended.returncode:
        given = f"\n{text.strip()}" if text else ""
        raise CommandError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr.strip()}{given}")
    return ended.stdout


def within(namespace: str) -> list[str]:
    """Return the command prefix that runs a command in a network namespace."""
    return ["nsenter", f"--net={NAMESPACES / namespace}"]


def ip_batch(namespace: str | None, lines: Iterable[str]) -> None:
    """Run many ``ip`` commands in one process, in a namespace or the machine itself; stop at the first that fails."""
    text = "\n".join(lines)
    if text:
        run(["ip", *(["-netns", namespace] if namespace else []), "-batch", "-"], text=text + "\n")


def call_in(namespace: str, act: Callable[[], Result]) -> Result:
    """Run a function in a network namespace and return its result; sockets that it creates belong to the namespace."""
    returned: list[Result] = []
    failed: list[OSError] = []

    def enter_and_act() -> None:
        try:
            with (NAMESPACES / namespace).open("rb") as handle:
                if _libc.setns(handle.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), f"namespace {namespace}")
            returned.append(act())
        except OSError as problem:
            failed.append(problem)

    # setns moves only the calling thread, so use a separate one
    thread = threading.Thread(target=enter_and_act)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return returned[0]


def make_namespace(name: str, settings: Iterable[str]) -> None:
    """Create a network namespace with settings such as ``ipv4.ip_forward=1``, and bring its loopback interface up."""
    run(["ip", "netns", "add", name])

    def set_up() -> None:
        for setting in settings:
            path, value = setting.split("=")
            (SETTINGS / path.replace(".", "/")).write_text(value)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))

    call_in(name, set_up)


def listener_in(namespace: str, address: str, port: int) -> socket.socket:
    """Return a TCP socket that listens in a network namespace."""

    def make() -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(64)
        return listener

    return call_in(namespace, make)


def overlay(folder: Path) -> Path:
    """Mount a copy-on-write view of the machine's file tree, with changes kept in memory; return its path."""
    root = folder / "root"
    for name in ("changes", "work", "root"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if not os.path.ismount(root):
        _mount("overlay", root, f"lowerdir=/,upperdir={folder / 'changes'},workdir={folder / 'work'}")
    return root


def overlay_for_daemons(folder: Path) -> Path:
    """Mount an overlay for daemons, with its own /run and /tmp, which the overlay would otherwise lack."""
    root = overlay(folder)
    for kind, name in (("proc", "proc"), ("sysfs", "sys"), ("tmpfs", "run"), ("tmpfs", "tmp")):
        _mount(kind, root / name)
    _mount("/dev", root / "dev", flags=_MS_BIND)
    return root


def _mount(source: str, target: Path, options: str = "", *, flags: int = 0) -> None:
    """Mount a virtual file system, or bind another folder."""
    kind = None if flags & _MS_BIND else source.encode()
    if _libc.mount(source.encode(), os.fsencode(target), kind, flags, options.encode()):
        raise OSError(ctypes.get_errno(), f"mount {source} at {target}: {os.strerror(ctypes.get_errno())}")
