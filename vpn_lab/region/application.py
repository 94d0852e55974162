"""The ASGI application: ministack behind the region's own control pages, with moto's EC2 instead of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vpn_lab.region import (
    certificates,
    cloudformation,
    control,
    ec2,
    ministack,
    monitoring,
    regions,
    seed,
    service_quotas,
)
from vpn_lab.region.monitoring import clock
from vpn_lab.region.outages import ANSWER, Outages
from vpn_lab.region.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def assemble(settings: Settings, on_ready: Callable[[], None]) -> Application:
    ec2.install()
    regions.install()
    certificates.install(
        lambda arn: ec2.region_backend(settings.account, regions.current()).users_of_certificate(arn), ec2.changes.note
    )
    cloudformation.install(settings)
    monitoring.install(settings)
    service_quotas.install()
    seed.install()
    aws: Application = ministack.module("app").app
    outages = Outages()
    pages = control.Pages(settings, outages)

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

    return application


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
