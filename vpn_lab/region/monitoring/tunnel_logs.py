"""The log that AWS writes about a tunnel, as far as the network's reports contain the events.

Fields, states and texts follow "AWS Site-to-Site VPN logs" in AWS's documentation. AWS writes many lines about a
negotiation; here there is one per change.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from vpn_lab.region.monitoring import vended_logs

Entry = dict[str, Any]


def write(connection: Any, tunnel: Any, was_up: bool, had: list[str], message: str) -> None:
    """Log what a report has changed, if the tunnel's log options say so.

    Args:
        connection: The connection.
        tunnel: The tunnel, after the report.
        was_up: Whether it was up before.
        had: The prefixes that it had learned before.
        message: The status message of the report, such as ``IPSEC IS UP`` on a tunnel whose session is down.
    """
    options = (tunnel.options.get("LogOptions") or {}).get("CloudWatchLogOptions") or {}
    is_up = tunnel.status == "UP"
    if options.get("LogEnabled") and is_up != was_up:
        _put(options["LogGroupArn"], connection, tunnel, [_ike(is_up or message == "IPSEC IS UP")])
    if options.get("BgpLogEnabled") and not connection.static_routes_only:
        entries = [*_session(tunnel, is_up, was_up), *_routes(connection, tunnel, had)]
        _put(options["BgpLogGroupArn"], connection, tunnel, entries)


def _ike(is_up: bool) -> Entry:
    state = "established" if is_up else "down"
    return {
        "dpd_enabled": True,
        "nat_t_detected": True,
        "ike_phase1_state": state,
        "ike_phase2_state": state,
        "details": "AWS tunnel is sending response (id=1) for CREATE_CHILD_SA"
        if is_up
        else "AWS tunnel DPD timed out after 3 retransmits",
    }


def _session(tunnel: Any, is_up: bool, was_up: bool) -> Iterator[Entry]:
    if is_up == was_up:
        return
    neighbour = _device_address(tunnel)
    change = "OpenConfirm to Established" if is_up else "Established to Idle"
    details = f"AWS-side peer BGP session state has changed from {change} with neighbor {neighbour}"
    if not is_up:
        expired = f"AWS-side peer sent a Hold Timer Expired notification to neighbor {neighbour}"
        yield {"type": "BGPStatus", "status": "DOWN", "message": {"details": expired}}
    yield {"type": "BGPStatus", "status": "UP" if is_up else "DOWN", "message": {"details": details}}


def _routes(connection: Any, tunnel: Any, had: list[str]) -> Iterator[Entry]:
    gateway = connection.ec2_backend.get_customer_gateway(connection.customer_gateway_id)
    has = tunnel.learned_prefixes
    changes = [("ADVERTISED", each) for each in has if each not in had]
    changes += [("WITHDRAWN", each) for each in had if each not in has]
    for status, prefix in changes:
        route = {"prefix": prefix, "asPath": str(gateway.bgp_asn), "nextHopIp": _device_address(tunnel)}
        yield {"type": "RouteStatus", "status": status, "message": route}


def _device_address(tunnel: Any) -> str:
    """The device's inside address: the second one of the network."""
    return str(ip_network(tunnel.inside_cidr)[2])


def _put(arn: str, connection: Any, tunnel: Any, entries: list[Entry]) -> None:
    """Write entries to the tunnel's stream, which AWS names after connection and tunnel."""
    now = time.time()
    heading = {
        "event_timestamp": int(now * 1000),
        "timestamp": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "Z",
    }
    resource = {"resource_id": f"{connection.id}_{tunnel.outside_address}"}
    told = [{**(resource if "type" in entry else {}), **heading, **entry} for entry in entries]
    vended_logs.put(vended_logs.group_of(arn), f"{connection.id}-{tunnel.outside_address}", told)
