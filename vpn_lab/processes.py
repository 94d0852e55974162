"""What identifies a process of this machine: process ids are reused, so an id from a file is not enough."""

from __future__ import annotations

from pathlib import Path

_STARTED = 19


def fields(pid: int | str) -> list[str]:
    """Return what /proc/PID/stat says after the name of the program; nothing if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def start_time(pid: int) -> int | None:
    """Return when a process started, in clock ticks since the machine did; None if there is no such process."""
    found = fields(pid)
    return int(found[_STARTED]) if found else None


def is_gone(pid: int, started: int) -> bool:
    """Tell whether another process has the id of the one that started then."""
    return start_time(pid) not in (None, started)
