"""``cgw drain`` and ``cgw undrain``: hand the work over to the partner before a reboot, without losing packets."""

from __future__ import annotations

import time
from typing import Callable

from cgw_device import state_file
from cgw_device.keepalived import BACKUP, MASTER
from cgw_device.settings import Settings

WAIT_SECONDS = 30.0


def run(
    settings: Settings,
    *,
    drained: bool,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Ask the monitor, and wait until it has done so; return the exit code."""
    command = "drain" if drained else "undrain"
    if settings.pair is None:
        raise SystemExit(
            f"{command}: '{settings.name}' is not part of a pair: there is no partner to take over its work"
        )
    path = settings.state_folder / state_file.DRAIN
    if drained:
        state_file.replace(path, "")
    else:
        path.unlink(missing_ok=True)
    deadline = clock() + WAIT_SECONDS
    while not _done(settings, drained=drained):
        if clock() > deadline:
            role = state_file.read(settings.state_folder / state_file.ROLE) or "unknown"
            print(f"{command}: not finished after {WAIT_SECONDS:g} s, VRRP role {role}; run cgw-status on both devices")
            return 1
        sleep(0.2)
    print(
        "drained: this device has left the election; its partner has taken over once cgw-status there shows MASTER"
        if drained
        else "undrained: this device takes part in the election again, as the backup"
    )
    return 0


def _done(settings: Settings, *, drained: bool) -> bool:
    role = state_file.read(settings.state_folder / state_file.ROLE)
    published = state_file.read_json(settings.state_folder / state_file.TUNNELS)
    if drained:
        return bool(published.get("drained")) and role not in ("", MASTER)
    return not published.get("drained") and role in (MASTER, BACKUP)
