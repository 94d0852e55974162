"""The demonstration with real packets, run as a user runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network.conftest import ROOT, Machines
from vpn_lab.demo.cli import FOLDER, STATE_DIR
from vpn_lab.network.bring_up import one_machine

pytestmark = pytest.mark.machine

PINGED = re.compile(r"✓ \S+/Host (?:10\.60\.1\.100 → .*10\.50\.1\.100|10\.50\.1\.100 → .*10\.60\.1\.100): [\d.]+ ms")
OUTAGE = re.compile(r"✓ (data centre → AWS|AWS → data centre): ([\d.]+) s without a packet")
HEALED_AFTER_SECONDS = 6.0
INTERRUPTED_SECONDS = 60


@pytest.fixture(autouse=True)
def alone(machines: Machines) -> Iterator[None]:
    """Stop a machine of these tests, and keep others from starting one."""
    machines.close()
    with one_machine():
        yield


def demonstration(folder: Path) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "constructs")])
    return subprocess.Popen(
        [sys.executable, "-m", "vpn_lab.demo", "ScenarioSingleTunnel"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "COLUMNS": "120", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_of(folder: Path) -> list[str]:
    """Return the command lines that name a folder: the region, the follower and the machine do."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(folder) in words:
            found.append(words)
    return found


def test_it_pings_breaks_the_tunnel_and_leaves_nothing(tmp_path: Path) -> None:
    with demonstration(tmp_path) as process:
        shown, _ = process.communicate()
    assert process.returncode == 0, shown
    assert "✗" not in shown
    assert "✓ without a tunnel no ping was answered, either way" in shown
    assert len(PINGED.findall(shown)) == 2, shown
    assert "✓ no packet shows a private address" in shown
    seconds = {direction: float(value) for direction, value in OUTAGE.findall(shown)}
    assert sorted(seconds) == ["AWS → data centre", "data centre → AWS"], shown
    assert all(value >= HEALED_AFTER_SECONDS - 1 for value in seconds.values()), "one tunnel is down until it is healed"
    assert "✓ nothing is left" in shown
    assert processes_of(tmp_path) == []
    assert not (tmp_path / STATE_DIR / "running.json").exists()
    assert not (tmp_path / FOLDER / "machine.json").exists()


def test_an_interruption_stops_everything(tmp_path: Path) -> None:
    with demonstration(tmp_path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if ". cdk deploy" in line:
                break
        assert processes_of(tmp_path) != []
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        process.communicate()
    assert process.returncode == 130
    assert time.monotonic() - began < INTERRUPTED_SECONDS
    assert processes_of(tmp_path) == []
