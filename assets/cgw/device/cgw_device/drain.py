"""``cgw drain`` and ``cgw undrain``: give the work to the other device of a pair before a reboot, without a loss."""

from __future__ import annotations

import time
from typing import Callable

from cgw_device import state_file
from cgw_device.settings import Settings

WAIT_SECONDS = 30.0


def run(
    settings: Settings,
    *,
    drained: bool,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Ask the monitor, and wait until it is done; return 0 when it is."""
    command = "drain" if drained else "undrain"
    if settings.pair is None:
        raise SystemExit(f"{command}: '{settings.name}' is not one of a pair; there is no other device to do its work")
    path = settings.state_folder / state_file.DRAIN
    if drained:
        state_file.write(path, "")
    else:
        path.unlink(missing_ok=True)
    deadline = clock() + WAIT_SECONDS
    while not _done(settings, drained=drained):
        if clock() > deadline:
            role = state_file.read(settings.state_folder / state_file.ROLE) or "unknown"
            print(f"{command}: not done within {WAIT_SECONDS:g} s, VRRP is {role}; see cgw-status on both devices")
            return 1
        sleep(0.2)
    print(
        "drained: out of the election; the other device does the work when its cgw-status says MASTER"
        if drained
        else "undrained: in the election again, as the spare"
    )
    return 0


def _done(settings: Settings, *, drained: bool) -> bool:
    role = state_file.read(settings.state_folder / state_file.ROLE)
    published = state_file.read_json(settings.state_folder / state_file.TUNNELS)
    if drained:
        return bool(published.get("drained")) and role not in ("", "MASTER")
    return not published.get("drained") and role in ("MASTER", "BACKUP")
