"""The AWS CLI, started once for the whole machine.

Loading its modules and service models takes ten seconds under emulation, but only a fraction of a second on real
hardware. Therefore one process loads them, and every call of ``aws`` on a node is a fork of it, which first enters the
caller's network, file tree and environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

SOCKET = Path("/run/lab/aws/socket")
SERVICES = ("ec2", "s3", "secretsmanager", "sts")
STANDARD_STREAMS = 3
_CLONE_NEWNS = 0x00020000
_CLONE_NEWNET = 0x40000000
_PEER_CREDENTIALS_BYTES = 12
_libc = ctypes.CDLL(None, use_errno=True)


def serve() -> None:
    """Fork for each call, until the machine stops."""
    SOCKET.parent.mkdir(parents=True, exist_ok=True)
    from awscli.clidriver import AWSCLIEntryPoint, create_clidriver  # type: ignore[import-not-found]  # noqa: PLC0415

    driver = create_clidriver()
    driver.create_help_command()
    loader = driver.session.get_component("data_loader")
    for name in ("endpoints", "partitions"):
        loader.load_data(name)
    for service in SERVICES:
        for part in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model(service, part)
    # nobody waits for the children, so the kernel need not keep their exit codes
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(SOCKET))
        listener.listen(16)
        while True:
            caller, _ = listener.accept()
            if os.fork() == 0:
                _child(caller, AWSCLIEntryPoint(driver).main)
            caller.close()


def _child(caller: socket.socket, main: Callable[[list[str]], int]) -> None:
    """Run one call, and send its exit code to the caller."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 255
    try:
        request, streams, _, _ = socket.recv_fds(caller, 1 << 20, STANDARD_STREAMS)
        call = json.loads(request)
        _move_to(_process_of(caller))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        # when it was loaded, the CLI recorded there where its data files are
        own = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}
        os.environ.clear()
        os.environ.update(own | call["environment"])
        os.chdir(call["folder"])
        sys.argv = ["aws", *call["arguments"]]
        code = main(sys.argv[1:])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(b"%d\n" % code)
        os._exit(0)


def _process_of(caller: socket.socket) -> int:
    credentials = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER_CREDENTIALS_BYTES)
    return int.from_bytes(credentials[:4], sys.byteorder)


def _move_to(process: int) -> None:
    """Enter the namespaces, file tree and control group of a process, so that this process ends with its node."""
    group = Path(f"/proc/{process}/cgroup").read_text().strip().removeprefix("0::")
    Path(f"/sys/fs/cgroup{group}/cgroup.procs").write_text(str(os.getpid()))
    # open all of them first: afterwards this /proc is no longer visible
    namespaces = [
        (os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY), kind)
        for name, kind in (("net", _CLONE_NEWNET), ("mnt", _CLONE_NEWNS))
    ]
    root = os.open(f"/proc/{process}/root", os.O_RDONLY)
    for handle, kind in namespaces:
        if _libc.setns(handle, kind):
            raise OSError(ctypes.get_errno(), f"the namespaces of process {process} cannot be entered")
        os.close(handle)
    # a container's root is not that of its mount namespace
    os.fchdir(root)
    os.chroot(".")
    os.close(root)


if __name__ == "__main__":
    serve()
