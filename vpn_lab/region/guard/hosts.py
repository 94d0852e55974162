"""The host names under which the region answers. A page on the Internet can give its own name our address."""

from __future__ import annotations

import re

BUCKET = r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_DOMAIN = r"amazonaws\.com(?:\.cn)?"


class Hosts:
    """The loopback names with the port, and the names of S3: of buckets at both, and of the Regions' endpoints."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._buckets = re.compile(
            rf"(?P<bucket>{BUCKET})\.(?:s3\.)?localhost:{port}"
            rf"|(?:(?P<named>{BUCKET})\.)?s3\.[a-z]{{2}}(?:-[a-z]+)+-\d\.{_DOMAIN}(?::\d+)?"
        )

    def __contains__(self, host: str) -> bool:
        return host in self._own or self._buckets.fullmatch(host) is not None

    def bucket(self, host: str) -> str | None:
        """Return the bucket that a host name names; None if it names none."""
        found = self._buckets.fullmatch(host)
        return None if found is None else found["bucket"] or found["named"]

    def routed(self, host: str) -> str:
        """Return the host name that ministack needs to find the same bucket: it does not know BUCKET.localhost."""
        bucket = self.bucket(host)
        return f"{bucket}.s3.localhost:{self._port}" if host == f"{bucket}.localhost:{self._port}" else host
