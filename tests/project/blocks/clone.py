"""A clone of this repository that has been set up, and shells that know nothing of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

from tests.project.blocks.reading import ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "cdk.out", "node_modules")
SET_UP = r"^(?:link_node|add_packages)\(\) \{\n.*?^\}$"
"""What the set-up does to an environment once its packages are there: Node.js, the library, ``vpn-ops``."""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELL = ("bash", "--noprofile", "--norc")
DEADLINE_SECONDS = 300


class Clone:
    """A copy of the repository as ``make setup`` leaves it.

    To set up takes minutes, so this is made of what is there: a virtual environment of its own that finds the packages
    of the one in use, a link to the CDK CLI, and a set-up script with nothing left to do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self._home = folder / "home"
        self._home.mkdir()
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT)
        (self.folder / "node_modules").symlink_to(ROOT / "node_modules")
        (self.folder / "scripts" / "setup.sh").write_text("#!/bin/sh\n")
        self._make_environment()

    def _make_environment(self) -> None:
        environment = self.folder / ".venv"
        venv.create(environment, with_pip=False, symlinks=True)
        packages = sysconfig.get_path("purelib")
        (found,) = environment.glob("lib/python*/site-packages")
        # a name behind that of the file which the set-up writes, so that this copy's own packages come first
        (found / "other-environment.pth").write_text(f"import site; site.addsitedir({packages!r})\n")
        functions = re.findall(SET_UP, (ROOT / "scripts" / "setup.sh").read_text(), re.MULTILINE | re.DOTALL)
        script = "\n".join(["set -euo pipefail", *functions, "link_node", "add_packages"])
        subprocess.run([*SHELL, "-c", script], cwd=self.folder, check=True)

    def type(self, *lines: str) -> str:
        """Type lines into a new shell in the clone, with an empty environment; return what they print.

        Raises:
            AssertionError: A line fails.
        """
        typed = subprocess.run(
            [*SHELL, "-e", "-o", "pipefail"],
            env={"HOME": str(self._home), "PATH": PATH},
            input="\n".join(lines),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=DEADLINE_SECONDS,
        )
        assert typed.returncode == 0, "\n".join((*lines, "→", typed.stdout[-3000:]))
        return typed.stdout

    def stop_region(self) -> None:
        """End the region that a failed block may have left."""
        command = [str(self.folder / ".venv" / "bin" / "python"), "-m", "vpn_lab.region", "stop"]
        subprocess.run(command, cwd=self.folder, capture_output=True, check=False, timeout=DEADLINE_SECONDS)
