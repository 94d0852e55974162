"""The real programs of the device, and its own, made importable."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / "assets" / "cgw" / "device"
sys.path.insert(0, str(DEVICE))

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def programs() -> Path:
    """Folder of the device's programs; the first call downloads them."""
    brought = subprocess.run([ROOT / "scripts" / "device-programs.sh"], capture_output=True, text=True, check=False)
    assert brought.returncode == 0, brought.stderr
    return Path(brought.stdout.strip())


@pytest.fixture(scope="session")
def run(programs: Path) -> Run:
    """Run one of the device's programs and return how it ended, all output in ``stdout``."""

    def run_program(name: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [programs / name, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=cwd,
            timeout=60,
        )

    return run_program
