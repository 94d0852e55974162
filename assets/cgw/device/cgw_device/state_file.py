"""Small files in ``/run/cgw`` through which the programs, keepalived and a person share what is known."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROLE = "vrrp"
# the pipe through which keepalived tells the monitor the role
KEEPALIVED = "keepalived"
TUNNELS = "tunnels.json"
# keepalived watches this one; a non-zero number takes the device out of the election
TUNNELS_DEAD = "tunnels-dead"
# there while a person wants the other device of the pair to do the work; like all of /run, gone after a reboot
DRAIN = "drain"


def write(path: Path, text: str) -> None:
    """Replace a file as a whole: a reader sees the old text or the new, never half of it.

    keepalived watches the file itself, so it is written in place if it exists; its one digit is whole in any case.
    """
    if path.name == TUNNELS_DEAD and path.exists():
        path.write_text(text)
        return
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o644)
    fresh.replace(path)


def read(path: Path) -> str:
    """Return the text of a file without its last line end, or nothing if it is not there yet."""
    try:
        return path.read_text().rstrip("\n")
    except FileNotFoundError:
        return ""


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, or an empty one if there is none yet."""
    try:
        found = json.loads(read(path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_drained(folder: Path) -> bool:
    """Tell whether the device is asked to leave the work to the other one."""
    return (folder / DRAIN).exists()
