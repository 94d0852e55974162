"""The file tree of the machine: the unpacked packages, plus the necessary steps of their installation scripts.

It runs as a program (``python -m vpn_lab.network.machine.rootfs``), so that ``fakeroot`` can set the files' owners.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from vpn_lab.network.machine.packages import unpack

USERS = (("frr", 110), ("frrvty", 111), ("systemd-journal", 112), ("messagebus", 113), ("tcpdump", 114))
# useless on a host without consoles, logins, disks or a message bus
MASKED = (
    "console-getty.service",
    "dbus.service",
    "dbus.socket",
    "getty.target",
    "systemd-logind.service",
    "systemd-udevd.service",
    "systemd-udev-trigger.service",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "systemd-timesyncd.service",
    "systemd-update-utmp.service",
    "systemd-update-utmp-runlevel.service",
    "dpkg-db-backup.timer",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "logrotate.timer",
    "fstrim.timer",
    "e2scrub_all.timer",
)
LINKS = {"usr/bin/awk": "mawk", "usr/bin/sh": "dash", "var/run": "/run", "var/lock": "/run/lock"}
# systemd runs all generators at each reload, and libreswan loads every cipher: that takes seconds under emulation
UNNEEDED = (
    *("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info"),
    *("etc/init.d", "boot", "usr/lib/systemd/system-generators"),
)
MODULE_FOLDERS_KEPT = ("crypto", "lib", "net", "fs/overlayfs", "drivers/net", "drivers/virtio", "drivers/block")


def build(tree: Path, archives: list[Path]) -> None:
    """Fill an empty folder with a tree that boots."""
    unpack(archives, tree)
    kernels = [folder.name for folder in (tree / "usr/lib/modules").iterdir()]
    for kernel in kernels:
        shutil.copy(tree / f"boot/vmlinuz-{kernel}", tree.parent / "kernel")
        _thin_out_modules(tree / "usr/lib/modules" / kernel)
    for name in UNNEEDED:
        shutil.rmtree(tree / name, ignore_errors=True)
    _settle(tree)
    for kernel in kernels:
        run_inside(tree, "usr/bin/kmod", "-b", str(tree), kernel, name="depmod")
    _compile_python(tree)


def _thin_out_modules(modules: Path) -> None:
    kept = [modules / "kernel" / name for name in MODULE_FOLDERS_KEPT]
    for module in (modules / "kernel").rglob("*.ko"):
        if not any(module.is_relative_to(folder) for folder in kept):
            module.unlink()


def _settle(tree: Path) -> None:
    """Create the accounts, folders and links that packages leave to their installation scripts."""
    for folder in ("proc", "sys", "dev", "run", "tmp", "root", "mnt", "srv", "var/log", "var/tmp", "var/lib/ipsec/nss"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    (tree / "tmp").chmod(0o1777)
    masters = tree / "usr/share/base-passwd"
    passwd, group = (masters / "passwd.master").read_text(), (masters / "group.master").read_text()
    passwd += "".join(f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n" for name, number in USERS)
    # FRR's daemons refuse to start if their user is not in vtysh's group
    members = {"frrvty": "frr"}
    group += "".join(f"{name}:x:{number}:{members.get(name, '')}\n" for name, number in USERS)
    (tree / "etc/passwd").write_text(passwd.replace(":*:", ":x:"))
    (tree / "etc/group").write_text(group.replace(":*:", ":x:"))
    for name in ("machine-id", "fstab", "resolv.conf"):
        (tree / "etc" / name).write_text("")
    for kind in ("auth", "account", "password", "session"):
        (tree / f"etc/pam.d/common-{kind}").write_text(f"{kind} required pam_permit.so\n")
    (tree / "etc/hosts").write_text("127.0.0.1 localhost\n")
    for name, target in LINKS.items():
        if (tree / name).is_dir():
            shutil.rmtree(tree / name)
        (tree / name).unlink(missing_ok=True)
        (tree / name).symlink_to(target)
    units = tree / "etc/systemd/system"
    units.mkdir(parents=True, exist_ok=True)
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    (units / "default.target").unlink(missing_ok=True)
    (units / "default.target").symlink_to("/usr/lib/systemd/system/multi-user.target")


def run_inside(tree: Path, program: str, *arguments: str, name: str | None = None) -> None:
    """Run a program of the tree with the tree's libraries, but without chroot, which would need root."""
    loader = next((tree / "usr/lib64").glob("ld-linux-*.so.*"))
    libraries = sorted({str(found.parent) for found in (tree / "usr/lib").glob("*-linux-gnu/libc.so.*")})
    start = [str(loader), "--library-path", ":".join(libraries), "--argv0", name or program, str(tree / program)]
    subprocess.run([*start, *arguments], check=True, stdout=subprocess.DEVNULL, env={"PYTHONHOME": str(tree / "usr")})


def _compile_python(tree: Path) -> None:
    """Compile Python modules here, once: under emulation, every start of a program would take seconds longer."""
    where = [str(tree / "usr/lib" / name) for name in ("python3/dist-packages", "python3.11")]
    folders = [folder for folder in where if Path(folder).is_dir()]
    options = ["-q", "-s", str(tree), "-p", "/", "--invalidation-mode", "unchecked-hash"]
    run_inside(tree, "usr/bin/python3", "-m", "compileall", *options, *folders)


if __name__ == "__main__":
    order = json.loads(sys.stdin.read())
    build(Path(order["tree"]), [Path(archive) for archive in order["archives"]])
    subprocess.run(order["then"], check=True)
