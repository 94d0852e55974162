"""The metrics that AWS publishes, from what the region knows.

``AWS/VPN``: each tunnel's state and bytes, once with the connection as dimension and once with connection and tunnel.
The connection's own state therefore has the values of both tunnels in each minute: Minimum 0 if one is down, Maximum 0
if both are.
``AWS/ClientVPN``: an endpoint's connected clients, their bytes, refused clients, and the days until its revocation list
expires, if it has one.
``AWS/EC2``: a running instance always passes its status checks. CPU and credits are not known and not published.
"""

from __future__ import annotations

from typing import Any

from vpn_lab.region import ministack

CLOUDWATCH = "services.cloudwatch"


def publish(backend: Any) -> None:
    """Publish one value of every metric."""
    for connection in list(backend.vpn_connections.values()):
        if connection.exists:
            for tunnel in connection.tunnel_list:
                _publish_tunnel(connection.id, tunnel)
    for endpoint in list(backend.client_vpn_endpoints.values()):
        _publish_clients(endpoint)
    for reservation in list(backend.reservations.values()):
        for instance in reservation.instances:
            if instance.state == "running":
                _record("AWS/EC2", "StatusCheckFailed", 0, "Count", {"InstanceId": instance.id})


def _publish_tunnel(identifier: str, tunnel: Any) -> None:
    received, sent = tunnel.take_traffic()
    values = (
        ("TunnelState", float(tunnel.status == "UP"), "None"),
        ("TunnelDataIn", received, "Bytes"),
        ("TunnelDataOut", sent, "Bytes"),
    )
    for dimensions in ({"VpnId": identifier}, {"VpnId": identifier, "TunnelIpAddress": tunnel.outside_address}):
        for name, value, unit in values:
            _record("AWS/VPN", name, value, unit, dimensions)


def _publish_clients(endpoint: Any) -> None:
    received, sent = endpoint.take_traffic()
    days = endpoint.revocation_days
    values = [
        ("ActiveConnectionsCount", endpoint.connected, "Count"),
        ("AuthenticationFailures", endpoint.take_refusals(), "Count"),
        ("IngressBytes", received, "Bytes"),
        ("EgressBytes", sent, "Bytes"),
        *([("CrlDaysToExpiry", days, "Count")] if days is not None else []),
    ]
    for name, value, unit in values:
        _record("AWS/ClientVPN", name, value, unit, {"Endpoint": endpoint.id})


def _record(namespace: str, name: str, value: float, unit: str, dimensions: dict[str, str]) -> None:
    ministack.module(CLOUDWATCH).record_metric(namespace, name, value, unit, dimensions)
