"""The region's process: one loopback listener that serves every AWS API.

It is started as ``python -m vpn_lab.region.server STATE_DIR NONCE LOCK``. The directory contains the settings; the
nonce identifies the process; the lock is a descriptor of the locked file in the directory.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from vpn_lab.region import state_dir
from vpn_lab.region.errors import RegionError
from vpn_lab.region.guard.keys import Keys
from vpn_lab.region.process import Process
from vpn_lab.region.settings import HOST, Settings


def listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as problem:
        raise SystemExit(f"port {port} of {HOST} cannot be used ({problem.strerror}); choose another or 0") from problem
    listener.listen(128)
    return listener


def prepare_environment(settings: Settings, keys: Keys, port: int) -> None:
    """Set the environment that the emulators read when they are imported.

    It disables the two additional listeners of ministack, replaces the caller's credentials by the region's own, and
    keeps every file in the state directory.
    """
    for name in [name for name in os.environ if name.startswith(("AWS_", "CDK_", "MOTO_", "MINISTACK_"))]:
        del os.environ[name]
    scratch = state_dir.scratch(settings.state_dir)
    tempfile.tempdir = str(scratch)
    os.environ.update(
        TMPDIR=str(scratch),
        HOME=str(scratch),
        BIND_HOST=HOST,
        GATEWAY_PORT=str(port),
        MINISTACK_HOST=HOST,
        MINISTACK_ACCOUNT_ID=settings.account,
        MINISTACK_REGION=settings.region,
        MOTO_ACCOUNT_ID=settings.account,
        MOTO_EC2_LOAD_DEFAULT_AMIS="false",
        MOTO_ENABLE_AMI_VALIDATION="true",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        DOCKER_HOST="unix:///nonexistent",
        LAMBDA_EXECUTOR="local",
        AWS_ACCESS_KEY_ID=keys.access_key_id,
        AWS_SECRET_ACCESS_KEY=keys.secret_access_key,
        AWS_DEFAULT_REGION=settings.region,
        AWS_REGION=settings.region,
        AWS_ENDPOINT_URL=f"http://{HOST}:{port}",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
        LOG_LEVEL="WARNING",
    )


async def serve(settings: Settings, keys: Keys, listener: socket.socket, nonce: str) -> None:
    from hypercorn.asyncio import serve as serve_asgi  # noqa: PLC0415 -- after prepare_environment
    from hypercorn.config import Config  # noqa: PLC0415

    from vpn_lab.region.application import assemble  # noqa: PLC0415

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.accesslog = None
    config.errorlog = "-"
    port = listener.getsockname()[1]
    # once it answers, the process that started this one reads where
    application = assemble(settings, keys, port, on_ready=lambda: Process.own(port, nonce).save(settings))
    await serve_asgi(application, config, shutdown_trigger=stopped.wait)  # type: ignore[arg-type]


def main() -> None:
    directory, nonce, lock = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    # held until this process ends, but not by the processes that it starts
    os.set_inheritable(lock, False)
    try:
        with state_dir.usable(directory):
            settings = Settings.load(directory)
            keys = Keys.obtain(directory)
            listener = listen(settings.port)
            prepare_environment(settings, keys, listener.getsockname()[1])
    except RegionError as problem:
        raise SystemExit(str(problem)) from None
    try:
        asyncio.run(serve(settings, keys, listener, nonce))
    finally:
        settings.running_file.unlink(missing_ok=True)
        state_dir.remove_leftovers(directory)


if __name__ == "__main__":
    main()
