"""The virtual machine: an emulator process, and the connection to the agent that runs inside."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import vici

from vpn_lab.network.machine import cpio
from vpn_lab.network.machine.image import CACHE, PROJECT, Image
from vpn_lab.processes import is_gone, start_time

BOOT_DEADLINE_SECONDS = 60
PROBE_DEADLINE_SECONDS = 8
HELLO_SECONDS = 20
MEMORY_MEGABYTES = 3072
AGENT_PORT = 7000
# A kernel that hangs for a minute prints where and stops, so that nobody waits for it in vain.
HANGS = "loglevel=5 watchdog_thresh=30 softlockup_panic=1 panic=-1"
REGION_INSIDE = "10.0.2.100"
GUEST_SOURCES = ("vpn_lab/__init__.py", "vpn_lab/network/__init__.py", "vpn_lab/network/plan.py")
GUEST_FOLDER = PROJECT / "vpn_lab" / "network" / "guest"


class MachineError(RuntimeError):
    """The machine cannot start or does not answer. The message says where to look."""


@dataclass(frozen=True)
class Machine:
    """A running machine, and how to reach it."""

    folder: Path
    pid: int
    port: int
    token: str
    started: int
    """When the emulator started: its process id may later be that of another program."""

    @classmethod
    def start(cls, image: Image, folder: Path, region_port: int) -> Self:
        """Boot a machine that can reach only one loopback port of this host, and wait for its agent."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        token, port = secrets.token_hex(16), _free_port()
        initramfs = folder / "initramfs"
        # the token is in it
        initramfs.unlink(missing_ok=True)
        initramfs.touch(mode=0o600)
        initramfs.write_bytes(image.initramfs.read_bytes() + cpio.archive(_guest_files({"token": token})))
        forward = f"hostfwd=tcp:127.0.0.1:{port}-:{AGENT_PORT}"
        region = f"guestfwd=tcp:{REGION_INSIDE}:80-cmd:{image.folder / 'busybox'} nc 127.0.0.1 {region_port}"
        network = ["-netdev", f"user,id=n,restrict=on,{forward},{region}", "-device", "virtio-net-pci,netdev=n"]
        command = [*image.emulator, *_hardware(image, initramfs, accelerator(image)), *network]
        with (folder / "console.log").open("wb") as console:
            # a process group, so that Ctrl-C does not reach it, but not its own session: that would get as much
            # processor time as all processes of its caller together, regardless of their priorities
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, process_group=0
            )
        machine = cls(folder, process.pid, port, token, start_time(process.pid) or 0)
        try:
            machine._wait(process)
        except BaseException:
            # also on an interrupt: nothing else would stop the machine
            machine.stop()
            raise
        values = {**asdict(machine), "folder": str(folder)}
        record = folder / "machine.json"
        record.touch(mode=0o600)
        record.write_text(json.dumps(values))
        return machine

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Return the machine that runs with its files in a folder."""
        try:
            values = json.loads((folder / "machine.json").read_text())
            machine = cls(folder, values["pid"], values["port"], values["token"], values["started"])
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            machine = None
        if machine is None or start_time(machine.pid) != machine.started:
            raise MachineError(f"no machine runs in {folder}; start one with `up`")
        return machine

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + BOOT_DEADLINE_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                self.call("hello", timeout=5)
            except (OSError, MachineError):
                time.sleep(0.1)
            else:
                return
        raise MachineError(f"the machine did not come up; see {self.folder / 'console.log'}")

    def open(self, operation: str, *, timeout: float = 120, **arguments: Any) -> tuple[socket.socket, Any]:
        """Start a call of the agent; return its answer and the connection, which stays open for more."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        try:
            request = {"token": self.token, "operation": operation, "arguments": arguments}
            link.sendall(json.dumps(request).encode() + b"\n")
            # the agent sends nothing after this line until the caller says more
            with link.makefile("rb") as answers:
                line = answers.readline()
            if not line:
                raise MachineError(f"the machine ended the call {operation!r} without an answer")
            answer = json.loads(line)
            if "error" in answer:
                raise MachineError(f"{operation}: {answer['error']}")
        except TimeoutError:
            link.close()
            raise MachineError(f"the machine has not answered the call {operation!r} within {timeout:.0f} s") from None
        except BaseException:
            link.close()
            raise
        return link, answer["result"]

    def call(self, operation: str, *, timeout: float = 120, **arguments: Any) -> Any:
        """Make one call of the agent and return its answer."""
        link, result = self.open(operation, timeout=timeout, **arguments)
        link.close()
        return result

    @property
    def answers(self) -> bool:
        """Tell whether the machine runs and its kernel responds."""
        try:
            self.call("hello", timeout=HELLO_SECONDS)
        except (OSError, MachineError):
            return False
        return True

    def stop(self) -> None:
        """Cut the power: the machine has nothing to save."""
        if is_gone(self.pid, self.started):
            return
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        wait_for(lambda: not _alive(self.pid), 10, f"the emulator, process {self.pid}, to end")
        (self.folder / "machine.json").unlink(missing_ok=True)


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until a condition holds.

    Raises:
        MachineError: It did not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise MachineError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _guest_files(settings: dict[str, str]) -> dict[str, bytes]:
    files = {f"lab/{name}": (PROJECT / name).read_bytes() for name in GUEST_SOURCES}
    for source in sorted(GUEST_FOLDER.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            files[f"lab/{source.relative_to(PROJECT)}"] = source.read_bytes()
    for source in sorted(Path(str(vici.__file__)).parent.glob("*.py")):
        files[f"lab/vici/{source.name}"] = source.read_bytes()
    return {
        "init": (GUEST_FOLDER / "init").read_bytes(),
        **files,
        "lab/settings.json": json.dumps(settings).encode(),
    }


def _hardware(image: Image, initramfs: Path, accelerator_options: list[str]) -> list[str]:
    disk = f"file={image.disk},if=virtio,format=raw,readonly=on"
    return [
        *accelerator_options,
        *("-smp", "2", "-m", str(MEMORY_MEGABYTES), "-nodefaults", "-no-user-config", "-no-reboot"),
        *("-display", "none", "-serial", "stdio", "-kernel", str(image.kernel), "-initrd", str(initramfs)),
        *("-append", f"console=ttyS0 {HANGS} mitigations=off random.trust_cpu=on", "-drive", disk),
    ]


def accelerator(image: Image) -> list[str]:
    """Return the options for hardware acceleration where it really works, and for emulation elsewhere.

    It is not enough that the KVM device opens: on some hosts, guests then hang. Therefore a guest is started once with
    a time limit, and the result is kept until the host reboots.
    """
    emulation = ["-accel", "tcg,thread=multi", "-cpu", "max"]
    hardware = ["-accel", "kvm", "-cpu", "host"]
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return emulation
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    answer = CACHE / f"kvm-{boot}"
    if not answer.exists():
        answer.write_text("works" if _guest_ends(image, hardware) else "does not work")
    return hardware if answer.read_text() == "works" else emulation


def _guest_ends(image: Image, options: list[str]) -> bool:
    probe = image.folder / "probe-initramfs"
    powers_off = b"#!/bin/busybox sh\n/bin/busybox poweroff -f\n"
    probe.write_bytes(image.initramfs.read_bytes() + cpio.archive({"init": powers_off}))
    command = [*image.emulator, *_hardware(image, probe, options)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return process.wait(PROBE_DEADLINE_SECONDS) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def discard(folder: Path) -> None:
    """Remove the files of a machine that no longer runs."""
    shutil.rmtree(folder, ignore_errors=True)
