"""Environments that have the wheel and nothing of this repository, and commands run in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "platform_app"
LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "cdk.out", ".venv")
OTHER_VERSIONS = ("3.13", "3.12", "3.14", "3.11")


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command without this project's environment."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def successful(result: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result


def new_environment(python: str | Path, folder: Path) -> Path:
    """Make an empty environment in ``folder`` and return its Python."""
    successful(run(python, "-m", "venv", "--without-pip", folder, cwd=folder.parent))
    return folder / "bin" / "python"


def install(python: Path, *requirements: str | Path) -> None:
    """Install into an environment. Bytecode is made when a module is imported: most of aws-cdk-lib never is."""
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--prefer-binary", "--no-compile")
    successful(run(*pip, *requirements, cwd=python.parents[2]))


def other_python() -> Path | None:
    """Find a Python of another supported version than this one.

    A name on the path counts if it runs: the launchers of pyenv exist for versions that are not selected, too, and only
    print an error. Therefore pyenv's own folder of versions is searched as well.
    """
    this = ".".join(str(number) for number in sys.version_info[:2])
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in OTHER_VERSIONS:
        on_path = shutil.which(f"python{version}")
        found = [Path(on_path)] if on_path else []
        for candidate in (*found, *sorted(pyenv.glob(f"{version}.*/bin/python"))):
            if version != this and run(candidate, "-c", "import ssl, venv", cwd=REPOSITORY).returncode == 0:
                return candidate
    return None
