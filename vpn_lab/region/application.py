"""The ASGI application: ministack behind the region's own control pages, with moto's EC2 instead of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vpn_lab.region import (
    certificates,
    cloudformation,
    control,
    device_commands,
    ec2,
    ministack,
    monitoring,
    regions,
    seed,
    service_quotas,
)
from vpn_lab.region.guard.credentials import Directory
from vpn_lab.region.guard.gate import Gate
from vpn_lab.region.guard.hosts import Hosts
from vpn_lab.region.guard.keys import Keys
from vpn_lab.region.guard.signed_urls import SignedUrls
from vpn_lab.region.monitoring import clock
from vpn_lab.region.outages import ANSWER, Outages
from vpn_lab.region.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def assemble(settings: Settings, keys: Keys, port: int, on_ready: Callable[[], None]) -> Application:
    """Build the application that serves one region at one port of the loopback interface."""
    ec2.install()
    regions.install()
    certificates.install(
        lambda arn: ec2.region_backend(settings.account, regions.current()).users_of_certificate(arn), ec2.changes.note
    )
    cloudformation.install(settings)
    monitoring.install(settings)
    device_commands.install(settings)
    service_quotas.install()
    seed.install()
    aws: Application = ministack.module("app").app
    outages = Outages()
    directory = Directory(keys, settings.account)
    directory.install()
    SignedUrls(keys, port).install()
    pages = control.Pages(settings, outages, directory)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            ticking = asyncio.create_task(clock.run(settings))
            try:
                await aws(scope, receive, _when_started(send, on_ready))
            finally:
                ticking.cancel()
        elif scope["type"] == "http" and scope["path"].startswith(control.PREFIX):
            await pages(scope, receive, send)
        elif outages.concerns(scope.get("headers", ())):
            await _refuse(send)
        else:
            regions.note(scope.get("headers", ()))
            await aws(scope, receive, send)

    return Gate(application, control.PREFIX, keys, Hosts(port), directory)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


def _when_started(send: Send, on_ready: Callable[[], None]) -> Send:
    async def forward(message: dict[str, Any]) -> None:
        await send(message)
        if message["type"] == "lifespan.startup.complete":
            on_ready()

    return forward
