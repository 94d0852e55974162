"""The region's process: one loopback listener that serves every AWS API.

It is started as ``python -m vpn_lab.region.server STATE_DIR``; the directory contains the settings.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

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


def prepare_environment(settings: Settings, port: int) -> None:
    """Set the environment that the emulators read when they are imported.

    It disables the two additional listeners of ministack, hides the caller's credentials, and keeps every file in the
    state directory.
    """
    for name in [name for name in os.environ if name.startswith(("AWS_", "CDK_", "MOTO_", "MINISTACK_"))]:
        del os.environ[name]
    scratch = settings.state_dir / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
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
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 -- the emulators accept any
        AWS_DEFAULT_REGION=settings.region,
        AWS_REGION=settings.region,
        AWS_ENDPOINT_URL=f"http://{HOST}:{port}",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
        LOG_LEVEL="WARNING",
    )


async def serve(settings: Settings, listener: socket.socket) -> None:
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
    application = assemble(settings, on_ready=lambda: announce(settings, listener))
    await serve_asgi(application, config, shutdown_trigger=stopped.wait)  # type: ignore[arg-type]


def announce(settings: Settings, listener: socket.socket) -> None:
    """Tell the process that started this one that the region answers, and where."""
    running = {"pid": os.getpid(), "port": listener.getsockname()[1]}
    partial = settings.running_file.with_suffix(".partial")
    partial.write_text(json.dumps(running))
    partial.rename(settings.running_file)


def main() -> None:
    settings = Settings.load(Path(sys.argv[1]))
    listener = listen(settings.port)
    prepare_environment(settings, listener.getsockname()[1])
    try:
        asyncio.run(serve(settings, listener))
    finally:
        settings.running_file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
