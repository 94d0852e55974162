"""The process that a region runs in: launched, found, and stopped with its Lambda workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from vpn_lab.region.errors import RegionError
from vpn_lab.region.settings import Settings

START_DEADLINE_SECONDS = 180
STOP_DEADLINE_SECONDS = 60
PROJECT = Path(__file__).resolve().parents[2]


def launch(settings: Settings) -> dict[str, int]:
    """Start a region and wait until it answers; return its ``port`` and ``pid``.

    Raises:
        RegionError: It ended while starting, or did not answer in time.
    """
    with settings.log_file.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vpn_lab.region.server", str(settings.state_dir)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # out of Ctrl-C's reach, but no session: among those the kernel divides the processors evenly
            process_group=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])},
        )
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            tail = settings.log_file.read_text()[-2000:]
            raise RegionError(f"the region ended while starting, with exit code {process.returncode}:\n{tail}")
        found = running(settings)
        if found is not None:
            return found
        time.sleep(0.05)
    process.kill()
    raise RegionError(f"the region did not answer in {START_DEADLINE_SECONDS} s; see {settings.log_file}")


def running(settings: Settings) -> dict[str, int] | None:
    """Return the ``port`` and ``pid`` of the region that runs with these settings; None if it does not run."""
    try:
        found: dict[str, int] = json.loads(settings.running_file.read_text())
        command = Path(f"/proc/{found['pid']}/cmdline").read_bytes()
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if b"vpn_lab.region.server" in command else None


def stop(pid: int) -> None:
    """Stop a region and wait for its end."""
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_DEADLINE_SECONDS
    while _alive(pid):
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.05)


def _signal(pid: int, number: signal.Signals) -> None:
    """Signal the process group: the server leads one, and its Lambda workers belong to it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True
