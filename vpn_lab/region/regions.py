"""The Regions of the account that this process serves: one for each that a request was signed for.

Every resource belongs to the Region of the request that created it. Three kinds belong to the account, as on AWS: IAM,
the names of S3 buckets, and CloudWatch dashboards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.settings import Settings

RESPONSES = "core.responses"
_SCOPE = re.compile(rb"Credential=[^,/]+/\d{8}/(?P<region>[a-z0-9-]+)/")
_seen: set[str] = set()


def install() -> None:
    """Make dashboards belong to the account; ministack keeps one set for each Region."""
    ministack.replace("services.cloudwatch", "_dashboards", ministack.module(RESPONSES).AccountScopedDict())


def current() -> str:
    """Return the Region of the request that is being answered."""
    return str(ministack.module(RESPONSES).get_region())


def scope(settings: Settings, region: str) -> AbstractContextManager[None]:
    """Let ministack's stores be those of a Region: for what does not come from an AWS request."""
    entered: AbstractContextManager[None] = ministack.module(RESPONSES).request_scope(settings.account, region)
    return entered


def note(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Remember the Region that a request is signed for."""
    authorization = next((value for name, value in headers if name.lower() == b"authorization"), b"")
    found = _SCOPE.search(authorization)
    if found:
        _seen.add(found["region"].decode())


def used(settings: Settings) -> list[str]:
    """Return all Regions that requests were signed for, the region's own first."""
    return [settings.region, *sorted(_seen - {settings.region})]


def reset() -> None:
    """Forget which Regions were used."""
    _seen.clear()


def scoped_store() -> Any:
    """Return an empty dictionary whose members belong to the Region of the request."""
    return ministack.module(RESPONSES).AccountRegionScopedDict()
