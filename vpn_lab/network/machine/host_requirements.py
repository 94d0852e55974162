"""Checks whether this computer can run the network."""

from __future__ import annotations

import os
import shutil

PROGRAMS = {"apt-get": "apt", "dpkg-deb": "dpkg", "mke2fs": "e2fsprogs"}


def obstacle() -> str | None:
    """Return one line that says what is missing and how to get it, or ``None`` if nothing is missing."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    needed = dict(PROGRAMS) if os.geteuid() == 0 else {**PROGRAMS, "fakeroot": "fakeroot"}
    missing = [program for program in needed if shutil.which(program, path=path) is None]
    if not missing:
        return None
    if "apt-get" in missing or "dpkg-deb" in missing:
        return (
            f"{', '.join(missing)} missing: the local network is made of packages of Debian or Ubuntu; use one of them"
        )
    packages = " ".join(needed[program] for program in missing)
    return f"{', '.join(missing)} missing: install with `apt-get install {packages}`"
