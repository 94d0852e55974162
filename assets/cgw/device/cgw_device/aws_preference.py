"""Which tunnel AWS wants to be used: it says so by MED, and says it anew before it replaces a tunnel's endpoint.

One route is enough to know, since all routes of a session have the same MED; a gateway may announce thousands.
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
    """Return the command that shows the paths to one prefix which is reached by a tunnel; None while there is none.

    Of the prefixes it is the narrowest, since the answer has those inside as well. A prefix that has just gone is
    answered with none, where the command for a single prefix would fail.
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
    """Return the MED that AWS announces by each tunnel; ``numbers`` has the tunnels by AWS's inside addresses."""
    try:
        routes = json.loads(answer).get("routes", {})
    except ValueError:
        return {}
    paths = [path for paths in routes.values() for path in paths]
    # a path without a MED is as good as one with 0 (RFC 4271, 9.1.2.2)
    return {numbers[path["peerId"]]: path.get("metric", 0) for path in paths if path.get("peerId") in numbers}
