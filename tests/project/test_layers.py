"""A run must pass only if tests of every layer ran."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.layers import LAYERS

REPOSITORY = Path(__file__).parents[2]


def run_pytest(folder: Path, *arguments: str, ci: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "tools.layers", "-p", "no:cacheprovider", "--require-layers"]
    environment = {"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    environment |= {"CI": "true"} if ci else {}
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for layer in LAYERS:
        folder = tmp_path / "tests" / layer
        folder.mkdir(parents=True)
        (folder / f"test_{layer}.py").write_text("def test_something(): assert True\n")
    machine_test(tmp_path, "")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\nmarkers =\n    machine\n")
    return tmp_path


def machine_test(folder: Path, decorator: str) -> None:
    text = f"import pytest\n{decorator}\n@pytest.mark.machine\ndef test_something(): assert True\n"
    (folder / "tests" / "network" / "test_machine.py").write_text(text)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_of_every_layer_passes(suite: Path, workers: str) -> None:
    result = run_pytest(suite, "-n", workers)
    assert result.returncode == 0, result.stdout
    assert f"{len(LAYERS) + 1} passed" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_without_one_layer_fails_and_names_it(suite: Path, workers: str) -> None:
    result = run_pytest(suite, "-n", workers, "--ignore", "tests/region")
    assert result.returncode == 1
    assert "no test of tests/region ran" in result.stdout


def test_a_layer_in_which_everything_is_skipped_did_not_run(suite: Path) -> None:
    (suite / "tests" / "device" / "test_device.py").write_text(
        "import pytest\n@pytest.mark.skip\ndef test_something(): pass\n"
    )
    result = run_pytest(suite)
    assert result.returncode == 1
    assert "no test of tests/device ran" in result.stdout


@pytest.mark.parametrize("ci", [False, True])
def test_a_computer_that_cannot_run_the_machine_says_so_and_fails_in_ci(suite: Path, ci: bool) -> None:
    machine_test(suite, "@pytest.mark.skip(reason='mke2fs missing')")
    result = run_pytest(suite, ci=ci)
    assert "the virtual machine did not run: Skipped: mke2fs missing" in result.stdout
    assert result.returncode == int(ci)
    assert ("no test of the virtual machine ran" in result.stdout) is ci


def test_a_run_that_left_the_machine_out_fails(suite: Path) -> None:
    result = run_pytest(suite, "-m", "not machine")
    assert result.returncode == 1
    assert "no test of the virtual machine ran" in result.stdout


def test_a_failing_test_still_fails_the_run(suite: Path) -> None:
    (suite / "tests" / "unit" / "test_unit.py").write_text("def test_something(): assert False\n")
    result = run_pytest(suite)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
