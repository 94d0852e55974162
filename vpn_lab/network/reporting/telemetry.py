"""The gateways' view of their tunnels, in the terms of the EC2 API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vpn_lab.network.planning.algorithms import GROUPS

Observed = Mapping[str, Any]

INTEGRITY = {
    "HMAC_SHA1": "SHA1",
    "HMAC_SHA2_256": "SHA2-256",
    "HMAC_SHA2_384": "SHA2-384",
    "HMAC_SHA2_512": "SHA2-512",
}


def report(tunnel: Observed) -> dict[str, Any]:
    """Return a tunnel's status as DescribeVpnConnections shows it.

    With BGP, a tunnel is UP once its session is established. Before that, AWS shows DOWN and ``IPSEC IS UP``.
    """
    established, session = bool(tunnel["established"]), tunnel["bgp"]
    if session is None or not established:
        status, message = ("UP", "") if established else ("DOWN", "IPSEC IS DOWN")
    elif session == "Established":
        status, message = "UP", f"{len(tunnel['prefixes'])} BGP ROUTES"
    else:
        status, message = "DOWN", "IPSEC IS UP"
    return {
        "status": status,
        "message": message,
        "learned_prefixes": list(tunnel["prefixes"]),
        "negotiated": negotiated(tunnel) if established else {},
        **{f"bytes_{way}": int(tunnel["esp"].get(f"bytes-{way}", 0)) if established else None for way in ("in", "out")},
    }


def without_traffic(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report without the counters, which change each time."""
    return {name: value for name, value in told.items() if name not in ("bytes_in", "bytes_out")}


def negotiated(tunnel: Observed) -> dict[str, Any]:
    """Return the algorithms in use as GetActiveVpnTunnelStatus shows them."""
    found: dict[str, Any] = {"IkeVersion": f"ikev{tunnel['ike'].get('version', '')}"}
    for phase, association in (("Phase1", tunnel["ike"]), ("Phase2", tunnel["esp"])):
        found[f"{phase}EncryptionAlgorithm"] = _encryption(association)
        # an AEAD cipher has no separate integrity algorithm; in IKE, AWS shows the negotiated pseudo-random function
        integrity = association.get("integ-alg") or association.get("prf-alg", "").removeprefix("PRF_")
        found[f"{phase}IntegrityAlgorithm"] = _integrity(integrity)
        found[f"{phase}DHGroup"] = _group(association.get("dh-group", ""))
    return {name: value for name, value in found.items() if value}


def _encryption(association: Mapping[str, str]) -> str:
    name, size = association.get("encr-alg", ""), association.get("encr-keysize", "")
    return {"AES_CBC": f"AES{size}", "AES_GCM_16": f"AES{size}-GCM-16"}.get(name, name)


def _integrity(name: str) -> str:
    return next((ours for theirs, ours in INTEGRITY.items() if re.fullmatch(rf"{theirs}(_\d+)?", name)), name)


def _group(name: str) -> int | None:
    plain = name.replace("_", "").lower()
    return next((number for number, ours in GROUPS.items() if ours == plain), None)
