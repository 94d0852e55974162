"""The connection log of a Client VPN endpoint in CloudWatch Logs.

Fields and values follow "Connection logging" in AWS's documentation. As on AWS, the log does not contain clients whose
certificate is refused; the endpoint's metrics count them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from vpn_lab.region.monitoring import vended_logs

Connection = Mapping[str, Any]


def write(endpoint: Any, begun: Sequence[Connection], ended: Sequence[Connection]) -> None:
    """Log the connections that have started and ended, if the endpoint has a log."""
    options = endpoint.settings["ConnectionLogOptions"]
    if not options.get("Enabled"):
        return
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    entries = [
        {"connection-log-type": "connection-attempt", "connection-attempt-status": "successful"}
        | {"connection-reset-status": "NA", **_told(endpoint, one), "connection-end-time": "NA"}
        for one in begun
    ]
    entries += [
        {"connection-log-type": "connection-reset", "connection-attempt-status": "NA"}
        | {"connection-reset-status": "successful", **_told(endpoint, one), "connection-end-time": now}
        for one in ended
    ]
    vended_logs.put(options["CloudwatchLogGroup"], options.get("CloudwatchLogStream") or endpoint.id, entries)


def _told(endpoint: Any, one: Connection) -> dict[str, str]:
    device, _, port = str(one.get("From", "NA")).partition(":")
    return {
        "connection-attempt-failure-reason": "NA",
        "connection-id": one["ConnectionId"],
        "client-vpn-endpoint-id": endpoint.id,
        "transport-protocol": endpoint.settings["TransportProtocol"],
        "connection-start-time": one.get("ConnectionEstablishedTime", "NA"),
        "connection-last-update-time": one.get("Timestamp", "NA"),
        "client-ip": one.get("ClientIp", "NA"),
        "common-name": one.get("CommonName", "NA"),
        "username": one.get("Username", "NA"),
        "device-type": "NA",
        "device-ip": device,
        "port": port or "NA",
        "ingress-bytes": one.get("IngressBytes", "0"),
        "egress-bytes": one.get("EgressBytes", "0"),
        "ingress-packets": one.get("IngressPackets", "0"),
        "egress-packets": one.get("EgressPackets", "0"),
    }
