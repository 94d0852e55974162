"""Commands to print for a person, who types them into a shell that has not been prepared."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path


def region_shell(state_dir: Path, default: Path) -> tuple[str, ...]:
    """Return the commands with which a new shell in this folder uses the region of ``state_dir``.

    ``default`` is the directory that the command uses if none is given.
    """
    option = "" if state_dir == default else f" --state-dir {shlex.quote(str(state_dir))}"
    return (*_activation(), f'eval "$(python -m vpn_lab.region env{option})"')


def _activation() -> tuple[str, ...]:
    """What puts Python, Node.js and the CDK CLI of this program on the path; nothing outside a virtual environment."""
    script = Path(sys.prefix) / "bin" / "activate"
    if not script.exists():
        return ()
    relative = os.path.relpath(script)
    return (f". {shlex.quote(str(script) if relative.startswith(os.pardir) else relative)}",)
