"""Downloads this distribution's packages and unpacks them into our own folders: no installation, no root."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SIMULATED = re.compile(r"^Inst (?P<name>\S+) (?:\[[^]]*\] )?\((?P<version>\S+)", re.MULTILINE)


class PackageError(RuntimeError):
    """The distribution does not provide what is needed. The message contains apt's output."""


@dataclass(frozen=True, order=True)
class Package:
    """One binary package in one version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}={self.version}"

    @property
    def archive_pattern(self) -> str:
        """The name of its file, in which the colon of an epoch is replaced."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_*.deb"


class Archive:
    """The host's own package sources and keys, with lists and downloads in a folder of our own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._downloads = folder / "packages"
        self._nothing_installed = folder / "no-status"
        if shutil.which("apt-get") is None:
            raise PackageError("apt-get is missing; the local network needs Debian or Ubuntu packages")

    def update(self) -> None:
        """Read the package lists."""
        for part in ("lists/partial", "cache/archives/partial", "packages"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        self._nothing_installed.touch()
        self._apt("update")

    def closure(self, names: Iterable[str]) -> list[Package]:
        """Return the packages and all their dependencies, as for an empty disk."""
        return self._simulate(names, "-o", f"Dir::State::status={self._nothing_installed}")

    def missing(self, names: Iterable[str]) -> list[Package]:
        """Return those packages and dependencies that the host does not have."""
        return self._simulate(names)

    def _simulate(self, names: Iterable[str], *options: str) -> list[Package]:
        output = self._apt("-s", *options, "install", *names)
        return sorted(Package(match["name"], match["version"]) for match in SIMULATED.finditer(output))

    def download(self, packages: Iterable[Package]) -> list[Path]:
        """Return the archives of packages, downloading those that are missing."""
        wanted = list(packages)
        lacking = [str(package) for package in wanted if self._find(package) is None]
        if lacking:
            self._apt("download", *lacking, cwd=self._downloads)
        archives = [self._find(package) for package in wanted]
        return [archive for archive in archives if archive is not None]

    def _find(self, package: Package) -> Path | None:
        return next(self._downloads.glob(package.archive_pattern), None)

    def _apt(self, *arguments: str, cwd: Path | None = None) -> str:
        options = {
            "Dir::State::lists": self._folder / "lists",
            "Dir::Cache": self._folder / "cache",
            "Debug::NoLocking": 1,
            "APT::Sandbox::User": "",
            "APT::Install-Recommends": 0,
            "Acquire::Retries": 3,
        }
        command = ["apt-get", "-qq", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
        ended = subprocess.run([*command, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise PackageError(
                f"apt-get {' '.join(arguments[:3])} ended with {ended.returncode}: {ended.stderr.strip()}"
            )
        return ended.stdout


def unpack(archives: Iterable[Path], target: Path) -> None:
    """Unpack archives into a folder with a merged /usr: tar must follow its links, not replace them."""
    for part in ("bin", "sbin", "lib", "lib64"):
        (target / "usr" / part).mkdir(parents=True, exist_ok=True)
        if not (target / part).is_symlink():
            (target / part).symlink_to(f"usr/{part}")
    for archive in archives:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as reader:
            subprocess.run(
                ["tar", "-x", "-C", str(target), "--keep-directory-symlink"], stdin=reader.stdout, check=True
            )
        if reader.returncode:
            raise PackageError(f"{archive.name} cannot be unpacked; delete it and try again")
