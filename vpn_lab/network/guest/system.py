"""A node that runs an operating system: systemd in a container, with stand-ins for what a Region provides."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from vpn_lab.network.guest import aws_cli
from vpn_lab.network.guest.commands import NAMESPACES, overlay, run
from vpn_lab.network.guest.servers import RegionRelay

STAND_INS = Path(__file__).with_name("standins")
CAPABILITIES = "CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_NICE,CAP_IPC_LOCK"
PROGRAMS = {
    "aws": "usr/bin/aws",
    "dnf": "usr/bin/dnf",
    "modprobe": "usr/sbin/modprobe",
    "rpm": "usr/bin/rpm",
    "user-data": "usr/lib/user-data",
}
# For services that read AWS's own variables; the stand-in of the AWS CLI adds the endpoint on its own.
ENVIRONMENT = "etc/systemd/system.conf.d/endpoint.conf"
STOP_SECONDS = 10


class NotRunningError(RuntimeError):
    """The system is off, or has only just started to boot."""


class System:
    """The operating system of one instance. Its disk stays when it stops."""

    def __init__(self, name: str, region_port: int) -> None:
        self._name = name
        self._region_port = region_port
        self._folder = Path("/run/lab/nodes") / name
        self._process: subprocess.Popen[bytes] | None = None
        self._relay: RegionRelay | None = None
        self._reaches_endpoints = True

    def start(self) -> None:
        """Switch the instance on; its namespace must exist."""
        root = overlay(self._folder)
        aws_cli.SOCKET.parent.mkdir(parents=True, exist_ok=True)
        self._prepare(root)
        self._open_relay()
        cgroup = Path("/sys/fs/cgroup") / self._name
        cgroup.mkdir(exist_ok=True)
        console = (self._folder / "console.log").open("ab")
        self._process = subprocess.Popen(
            # the shell enters the cgroup, then becomes the program, which must not be in the agent's cgroup
            ["sh", "-c", f'echo $$ >{cgroup}/cgroup.procs; exec "$@"', "sh", *self._command(root)],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            env={**os.environ, "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"},
            start_new_session=True,
        )

    def reach_endpoints(self, reachable: bool) -> None:
        """Allow or cut the instance's access to the AWS APIs, now and at later boots."""
        self._reaches_endpoints = reachable
        if reachable and self._process is not None:
            self._open_relay()
        elif not reachable:
            self._close_relay()

    def _open_relay(self) -> None:
        if self._relay is None and self._reaches_endpoints:
            self._relay = RegionRelay(self._name, self._region_port)

    def _close_relay(self) -> None:
        if self._relay is not None:
            self._relay.close()
            self._relay = None

    def _command(self, root: Path) -> list[str]:
        return [
            *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--settings=no"),
            *("--link-journal=no", "--resolv-conf=off", "--timezone=off", "--console=pipe"),
            f"--network-namespace-path={NAMESPACES / self._name}",
            f"--capability={CAPABILITIES}",
            f"--bind={aws_cli.SOCKET.parent}:/run/aws-cli",
            f"--directory={root}",
        ]

    def _prepare(self, root: Path) -> None:
        (root / "etc/hostname").write_text(f"{self._name}\n")
        for name, path in PROGRAMS.items():
            text = (STAND_INS / name).read_text().replace("@REGION_PORT@", str(self._region_port))
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            # it may be a link to a program that also has other names
            (root / path).unlink(missing_ok=True)
            (root / path).write_text(text)
            (root / path).chmod(0o755)
        environment = root / ENVIRONMENT
        environment.parent.mkdir(parents=True, exist_ok=True)
        endpoint = f"AWS_ENDPOINT_URL=http://127.0.0.1:{self._region_port}"
        environment.write_text(f"[Manager]\nDefaultEnvironment={endpoint}\n")
        unit = root / "etc/systemd/system/user-data.service"
        unit.write_text((STAND_INS / "user-data.service").read_text())
        wanted = root / "etc/systemd/system/multi-user.target.wants"
        wanted.mkdir(parents=True, exist_ok=True)
        (wanted / unit.name).unlink(missing_ok=True)
        (wanted / unit.name).symlink_to(f"/{unit.relative_to(root)}")

    @property
    def leader(self) -> int | None:
        """Process id, in the machine, of the container's first process."""
        if self._process is None or self._process.poll() is not None:
            return None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return next((int(pid) for pid in children if _command_name(pid) == "systemd"), None)

    def enter(self) -> list[str]:
        """Return the command prefix that runs a command inside."""
        leader = self.leader
        if leader is None:
            raise NotRunningError(f"{self._name} is not running")
        return ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]

    def stop(self) -> None:
        """Shut the instance down, and cut the power if that takes too long."""
        leader = self.leader
        if leader is not None and self._process is not None:
            os.kill(leader, signal.SIGRTMIN + 4)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self.cut_power()

    def cut_power(self) -> None:
        """Kill every process at once, as when power is lost."""
        cgroup = Path("/sys/fs/cgroup") / self._name
        if cgroup.exists():
            (cgroup / "cgroup.kill").write_text("1")
        if self._process is not None:
            self._process.wait()
        self._process = None
        self._close_relay()
        _remove_cgroups(cgroup)

    def discard(self) -> None:
        """Remove the instance and its disk."""
        self.cut_power()
        run(["umount", "--lazy", str(self._folder / "root")])
        shutil.rmtree(self._folder, ignore_errors=True)


def _command_name(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except FileNotFoundError:
        return ""


def _remove_cgroups(top: Path) -> None:
    """Remove a cgroup and those below it, as soon as the kernel has reaped the last process."""
    deadline = time.monotonic() + STOP_SECONDS
    while top.exists() and time.monotonic() < deadline:
        for folder in sorted((path for path in [top, *top.rglob("*")] if path.is_dir()), reverse=True):
            try:
                folder.rmdir()
            except OSError:
                time.sleep(0.05)
