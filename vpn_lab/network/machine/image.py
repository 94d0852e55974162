"""The machine's disk, kernel and initramfs: built once from the distribution's packages, then found by content."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vpn_lab.network.machine import cpio, packages, rootfs
from vpn_lab.network.machine.packages import Archive, Package

PROJECT = Path(__file__).resolve().parents[3]
CACHE = PROJECT / ".cache" / "network"

HOSTS = (
    *("base-files", "base-passwd", "bash", "bsdutils", "busybox-static", "coreutils", "curl", "dash", "diffutils"),
    *(
        "findutils",
        "grep",
        "gzip",
        "hostname",
        "iperf3",
        "iproute2",
        "iputils-ping",
        "kmod",
        "libc-bin",
        "libpam-modules",
        "mawk",
    ),
    *(
        "nftables",
        "openvpn",
        "procps",
        "python3",
        "sed",
        "systemd",
        "systemd-container",
        "sysvinit-utils",
        "tar",
        "tcpdump",
    ),
    "util-linux",
)
DEVICE = ("libreswan", "frr", "keepalived", "awscli")
# AWS's ends. Unpacked on top of the rest, because apt refuses strongSwan next to libreswan. Their files do not collide.
FAR_END = ("charon-systemd", "strongswan-swanctl", "libstrongswan-standard-plugins", "libstrongswan-extra-plugins")
KERNEL = "linux-image-cloud-amd64"
EMULATOR = "qemu-system-x86"
EMULATOR_PROGRAM = "qemu-system-x86_64"
EARLY_MODULES = ("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk")

RECIPE = (cpio, packages, rootfs, sys.modules[__name__])

Progress = Callable[[str], None]


class ImageError(RuntimeError):
    """The image cannot be built here. The message says what is missing."""


@dataclass(frozen=True)
class Image:
    """Everything that the emulator needs."""

    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk.ext4"

    @property
    def kernel(self) -> Path:
        return self.folder / "kernel"

    @property
    def initramfs(self) -> Path:
        return self.folder / "initramfs"

    @property
    def emulator(self) -> list[str]:
        """The emulator's command: the host's own, or the downloaded one with its libraries and firmware."""
        installed = shutil.which(EMULATOR_PROGRAM)
        if installed:
            return [installed]
        tree = self.folder / "emulator"
        libraries = ":".join(sorted({str(found.parent) for found in tree.glob("usr/lib/*-linux-gnu/*.so.*")}))
        shares = [tree / "usr/share" / name for name in ("qemu", "seabios")]
        firmware = [part for share in shares for part in ("-L", str(share))]
        program = str(tree / "usr/bin" / EMULATOR_PROGRAM)
        return ["env", f"LD_LIBRARY_PATH={libraries}", program, *firmware]


def ready(progress: Progress, *, refresh: bool = False) -> Image:
    """Return the image. Build it if this recipe was not built yet, or on refresh if there are newer packages."""
    CACHE.mkdir(parents=True, exist_ok=True)
    current = CACHE / f"current-{_recipe()}"
    with _locked(CACHE / "lock"):
        if refresh or not (current / "complete").exists():
            built = _build(progress)
            current.unlink(missing_ok=True)
            current.symlink_to(built.name)
        return Image(current.resolve())


def _recipe() -> str:
    """Return a digest of the code that, besides the packages' versions, determines the image's content."""
    digest = hashlib.sha256()
    for module in RECIPE:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:12]


def _build(progress: Progress) -> Path:
    archive = Archive(CACHE / "apt")
    progress("reading the package lists")
    archive.update()
    system = _system(archive)
    emulator = [] if shutil.which(EMULATOR_PROGRAM) else archive.missing([EMULATOR])
    versions = "\n".join(str(package) for package in (*system, *emulator))
    target = CACHE / hashlib.sha256((_recipe() + versions).encode()).hexdigest()[:16]
    if (target / "complete").exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    progress(f"downloading {len(system) + len(emulator)} packages")
    archives = archive.download(system)
    if emulator:
        packages.unpack(archive.download(emulator), target / "emulator")
    progress("building the disk")
    _make_disk(target, archives)
    (target / "complete").write_text(versions + "\n")
    return target


def _system(archive: Archive) -> list[Package]:
    chosen = {package.name: package for package in archive.closure([*HOSTS, *DEVICE])}
    for package in archive.closure(FAR_END):
        chosen.setdefault(package.name, package)
    kernel = next(
        one for one in archive.closure([KERNEL]) if one.name.startswith("linux-image-") and one.name != KERNEL
    )
    return sorted([*chosen.values(), kernel])


def _make_disk(target: Path, archives: list[Path]) -> None:
    tree, disk = target / "tree", target / "disk.ext4"
    order = {
        "tree": str(tree),
        "archives": [str(one) for one in archives],
        "then": ["mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-d", str(tree), str(disk), "1200M"],
    }
    tree.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    command = [*_as_owner(), sys.executable, "-m", "vpn_lab.network.machine.rootfs"]
    ended = subprocess.run(
        command, input=json.dumps(order), env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise ImageError(f"the disk cannot be built: {ended.stderr.strip()[-2000:]}")
    (target / "initramfs").write_bytes(_initramfs(tree))
    shutil.copy(tree / "usr/bin/busybox", target / "busybox")
    shutil.rmtree(tree)


def _as_owner() -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("fakeroot") is None:
        raise ImageError("fakeroot is missing; it sets file owners without root. Install it, or run as root")
    return ["fakeroot"]


def _initramfs(tree: Path) -> bytes:
    files = {"bin/busybox": (tree / "usr/bin/busybox").read_bytes()}
    for module in EARLY_MODULES:
        found = next(tree.glob(f"usr/lib/modules/*/kernel/**/{module}.ko"))
        files[f"modules/{module}.ko"] = found.read_bytes()
    return cpio.archive(files)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process build while others wait for the result."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
