"""Services that are down on purpose: their requests get the answer that AWS gives when a service is unavailable."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SCOPE = re.compile(rb"Credential=[^,/]+/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")

ANSWER = (
    b"<Response><Errors><Error><Code>ServiceUnavailable</Code>"
    b"<Message>The service is unavailable. Please try again shortly.</Message></Error></Errors></Response>"
)


class Outages:
    """The services that are down, named as in the scope of a signature: ``ec2``, ``secretsmanager``."""

    def __init__(self) -> None:
        self.services: set[str] = set()

    def set(self, service: str, *, down: bool) -> list[str]:
        """Take a service down or bring it up; return the services that are down."""
        (self.services.add if down else self.services.discard)(service)
        return sorted(self.services)

    def concerns(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Tell whether a request is signed for a service that is down."""
        if not self.services:
            return False
        authorization = next((value for name, value in headers if name.lower() == b"authorization"), b"")
        scope = _SCOPE.search(authorization)
        return scope is not None and scope["service"].decode() in self.services
