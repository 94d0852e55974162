"""Small files in ``/run/cgw`` through which the programs, keepalived and a person share the device's state."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROLE = "vrrp"
# the pipe through which keepalived sends the role to the monitor
KEEPALIVED = "keepalived"
TUNNELS = "tunnels.json"
# keepalived watches this one; a number other than zero takes the device out of the election
TUNNELS_DEAD = "tunnels-dead"
# exists while an operator wants the partner to do the work; like all of /run, it is gone after a reboot
DRAIN = "drain"


def replace(path: Path, text: str) -> None:
    """Replace a file as a whole: a reader sees either the old text or the new one, never half of it."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o644)
    fresh.replace(path)


def overwrite(path: Path, text: str) -> None:
    """Write a file in place: keepalived watches the file itself and would lose sight of a replacement.

    A reader may see half of a longer text, so this is only for a single character.
    """
    if path.exists():
        path.write_text(text)
    else:
        replace(path, text)


def read(path: Path) -> str:
    """Return the text of a file without its last line end; empty if the file does not exist yet."""
    try:
        return path.read_text().rstrip("\n")
    except FileNotFoundError:
        return ""


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; empty if there is none yet, or the file is not valid."""
    try:
        found = json.loads(read(path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_drained(folder: Path) -> bool:
    """Return whether an operator has asked the device to leave the work to its partner."""
    return (folder / DRAIN).exists()
