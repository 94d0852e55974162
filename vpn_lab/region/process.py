"""The process that a region runs in: launched, found, and stopped with its Lambda workers.

A region holds a lock on its state directory for as long as it runs, so there is never a second one. It is identified by
its process id, the time at which this process started, and a random number on its command line: process ids are reused,
and a file can be copied.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from vpn_lab.processes import fields, start_time
from vpn_lab.region.errors import RegionError
from vpn_lab.region.settings import Settings

START_DEADLINE_SECONDS = 180
STOP_DEADLINE_SECONDS = 60
SERVER = "vpn_lab.region.server"
PROJECT = Path(__file__).resolve().parents[2]
_STATE, _GROUP = 0, 2
"""Where /proc/PID/stat has the state and the process group, counted after the name of the program."""


@dataclass(frozen=True)
class Process:
    """A region that answers, as its server writes it to ``running.json``."""

    pid: int
    port: int
    started: int
    """When the process started, in clock ticks since the machine did."""
    nonce: str

    def __post_init__(self) -> None:
        numbers = (self.pid, self.port, self.started)
        if not all(type(one) is int and one > 0 for one in numbers) or not isinstance(self.nonce, str):
            raise TypeError("a process has numbers and a nonce")

    @classmethod
    def own(cls, port: int, nonce: str) -> Self:
        """Describe the process that calls this."""
        return cls(os.getpid(), port, start_time(os.getpid()) or 0, nonce)

    def save(self, settings: Settings) -> None:
        """Write it to the state directory, in one step."""
        partial = settings.running_file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self)))
        partial.rename(settings.running_file)

    @classmethod
    def load(cls, settings: Settings) -> Self | None:
        """Read it from the state directory; None if it is not there, or not readable."""
        try:
            return cls(**json.loads(settings.running_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def runs_in(self, state_dir: Path) -> bool:
        """Tell whether this very process still runs, as the region of this directory."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes().decode(errors="surrogateescape").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        if SERVER not in command or start_time(self.pid) != self.started:
            return False
        directory, nonce, *_ = command[command.index(SERVER) + 1 :]
        return nonce == self.nonce and Path(directory).resolve() == state_dir.resolve()

    def stop(self, state_dir: Path) -> None:
        """Stop it with its Lambda workers, and wait for their end; do nothing if it does not run any more."""
        if not self.runs_in(state_dir):
            return
        _signal(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_DEADLINE_SECONDS
        # while a process of the group exists, no new process gets this id
        while _alive(self.pid):
            if time.monotonic() > deadline:
                _signal(self.pid, signal.SIGKILL)
            time.sleep(0.05)


def launch(settings: Settings) -> Process:
    """Start a region and wait until it answers.

    Raises:
        RegionError: One runs or starts here already, or it ended while starting, or did not answer in time.
    """
    with _claimed(settings) as lock:
        settings.running_file.unlink(missing_ok=True)
        settings.save()
        nonce = secrets.token_hex(8)
        with settings.log_file.open("ab") as log:
            begin = log.tell()
            child = subprocess.Popen(
                [sys.executable, "-m", SERVER, str(settings.state_dir), nonce, str(lock)],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # out of Ctrl-C's reach, but no session: among those the kernel divides the processors evenly
                process_group=0,
                # the region keeps the lock for as long as it runs
                pass_fds=[lock],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])},
            )
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            reason = settings.log_file.read_bytes()[begin:].decode(errors="replace").strip().rpartition("\n")[2]
            raise RegionError(
                f"the region ended while starting, with exit code {child.returncode}: {reason}; see {settings.log_file}"
            )
        found = running(settings)
        if found is not None:
            return found
        time.sleep(0.05)
    child.kill()
    raise RegionError(f"the region did not answer in {START_DEADLINE_SECONDS} s; see {settings.log_file}")


def running(settings: Settings) -> Process | None:
    """Return the region that runs in a state directory; None if none does."""
    found = Process.load(settings)
    return found if found is not None and found.runs_in(settings.state_dir) else None


@contextlib.contextmanager
def _claimed(settings: Settings) -> Iterator[int]:
    """Lock the state directory, or refuse if a region has locked it."""
    lock = os.open(settings.lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RegionError(
            f"a region is already running in {settings.state_dir}, or is starting or ending there; stop it or choose "
            "another state dir"
        ) from None
    else:
        yield lock
    finally:
        os.close(lock)


def _signal(pid: int, number: signal.Signals) -> None:
    """Signal the process group: the server leads one, and its Lambda workers belong to it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def _alive(pid: int) -> bool:
    """Tell whether a process of the group still runs; one that has ended and waits for its parent does not."""
    with contextlib.suppress(ChildProcessError):
        # if we have started it, it waits for us
        if os.waitpid(pid, os.WNOHANG) == (0, 0):
            return True
    everything = (fields(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
    return any(one[_GROUP] == str(pid) and one[_STATE] not in "ZX" for one in everything if one)
