"""The reason why a tunnel is not established, from what pluto has logged about it.

Only the reasons below are ever shown, never a line of the log itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LOG = ["journalctl", "--unit=ipsec", "--boot", "--output=cat", "--no-pager", "--lines=2000"]
_OF_TUNNEL = re.compile(r'"tunnel([12])"')
_UP = re.compile(r"established Child SA|IPsec SA established")
# the first that matches; what AWS has answered comes before what follows from it
_REASONS = (
    ("AUTHENTICATION_FAILED", "AWS refuses the authentication: the pre-shared key or the identity differs from AWS's"),
    (
        "authentication failed|PSK auth.* failed|malformed payload",
        "the authentication fails: the pre-shared keys may differ",
    ),
    ("NO_PROPOSAL_CHOSEN|INVALID_KE_PAYLOAD", "AWS accepts none of the algorithms that the device proposes"),
    ("TS_UNACCEPTABLE", "AWS does not accept the networks of the tunnel"),
    ("No response|no response|retransmission timeout|timeout exceeded", "AWS does not answer"),
)
_PATTERNS = [(re.compile(pattern), reason) for pattern, reason in _REASONS]
UNKNOWN_REASON = "pluto has logged no reason yet"


def troubles(log: Iterable[str]) -> dict[int, str]:
    """Return the latest trouble of each tunnel that has had any since it was last established."""
    found: dict[int, str] = {}
    for line in log:
        tunnel = _OF_TUNNEL.search(line)
        if tunnel is None:
            continue
        number = int(tunnel[1])
        if _UP.search(line):
            found.pop(number, None)
            continue
        reason = next((reason for pattern, reason in _PATTERNS if pattern.search(line)), None)
        if reason:
            found[number] = reason
    return found
