"""The real programs of the device, and its own, made importable."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.device.boot.machine import Machine

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


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which nothing has booted yet."""
    machine = Machine(tmp_path / "machine")
    with zipfile.ZipFile(machine.state / "device.zip", "w") as archive:
        for path in sorted(DEVICE.rglob("*")):
            if path.suffix in (".py", ".service"):
                archive.write(path, path.relative_to(DEVICE))
    yield machine
    # the read-only view of the host ends with the namespace; only empty folders are left of it
    assert not any((machine.root / "host" / "etc").iterdir())
