"""Which tunnel AWS prefers: it announces that by MED, and announces a change before it replaces a tunnel's endpoint.

One route is enough, since all routes of a session have the same MED. A gateway may announce thousands.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Collection
from pathlib import Path

KERNEL_ROUTES = Path("/proc/net/route")
_NO_GATEWAY = "00000000"


def question(interfaces: Collection[str], routes: Path = KERNEL_ROUTES) -> str | None:
    """Return the command that shows the paths to one prefix behind a tunnel; None if the kernel has no such route.

    The narrowest prefix is used, since the answer includes every prefix inside it. If the prefix has just disappeared,
    the answer is empty, where the command for a single prefix would fail.
    """
    found = [
        (bin(int(mask, 16)).count("1"), destination)
        for interface, destination, gateway, _, _, _, _, mask, *_ in map(str.split, routes.read_text().splitlines()[1:])
        if interface in interfaces and gateway != _NO_GATEWAY
    ]
    if not found:
        return None
    bits, destination = max(found)
    address = socket.inet_ntoa(struct.pack("=I", int(destination, 16)))
    return f"do show bgp ipv4 unicast {address}/{bits} longer-prefixes json"


def answered(answer: str, numbers: dict[str, int]) -> dict[int, int]:
    """Return the MED that AWS announces through each tunnel; ``numbers`` maps AWS's inside address to the tunnel."""
    try:
        routes = json.loads(answer).get("routes", {})
    except ValueError:
        return {}
    paths = [path for paths in routes.values() for path in paths]
    # a path without a MED is as good as one with 0 (RFC 4271, 9.1.2.2)
    return {numbers[path["peerId"]]: path.get("metric", 0) for path in paths if path.get("peerId") in numbers}
