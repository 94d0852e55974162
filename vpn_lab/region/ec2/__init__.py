"""The EC2 API of the region: moto's API with the checks of EC2, plus the Site-to-Site VPN that moto lacks.

``api`` reads requests and writes answers; ``backend`` holds the state. Both are subclasses, so moto is not patched.
ministack passes every EC2 request to them through one replaced function.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping
from urllib.parse import urlencode

from moto.core.request import Request

from vpn_lab.region import ministack, regions
from vpn_lab.region.changes import Changes
from vpn_lab.region.ec2.api import RegionEc2, failure
from vpn_lab.region.ec2.backend import all_backends, backends, region_backend
from vpn_lab.region.settings import Settings

__all__ = ["all_backends", "changes", "install", "region_backend", "reset"]

log = logging.getLogger(__name__)
changes = Changes()
_one_request_at_a_time = threading.RLock()

Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Make ministack pass every EC2 request to ``RegionEc2``."""

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object]
    ) -> Answer:
        url = f"http://ec2.{regions.current()}.amazonaws.com{path}" + (
            f"?{urlencode(query, doseq=True)}" if query else ""
        )
        return await asyncio.to_thread(answer, method, url, headers, body)

    ministack.replace("services.ec2", "handle_request", handle_request)


def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Serve one request. The models are not safe against concurrent changes, so one at a time."""
    plain = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    with _one_request_at_a_time:
        try:
            status, answered, content = RegionEc2.dispatch(Request.from_primitives(method, url, plain, body))
        except NotImplementedError as problem:
            status, answered, content = failure(400, "InvalidAction", str(problem))
        except Exception as problem:  # report a defect of the emulation to the caller as such
            log.exception("the EC2 emulation failed")
            status, answered, content = failure(500, "InternalError", repr(problem))
    changes.note_request(body)
    encoded = content if isinstance(content, bytes) else content.encode()
    return int(status), {str(name): str(value) for name, value in answered.items()}, encoded


def reset(settings: Settings) -> None:
    with _one_request_at_a_time:
        backends.pop(settings.account, None)
    changes.note()
