"""Site-to-Site VPN connections, as the EC2 API describes them, but for their pre-shared keys."""

from __future__ import annotations

from typing import Any

from vpn_model.connection import StaticRoute, Tunnel, TunnelTelemetry, VpnConnection
from vpn_model.read_api.calls import Calls, Entry, name_of, optional
from vpn_model.read_api.scope import Question, Scope, described
from vpn_model.tunnel_options import TunnelLog, TunnelOptions

CONNECTION = Question(
    "describe_vpn_connections", "VpnConnections", "VPNConnection", "VpnConnectionId", "vpn-connection-id"
)
ENDED = frozenset({"deleted", "deleting"})
SECRET = ("CustomerGatewayConfiguration", "PreSharedKey")
LISTS = {
    "ike_versions": "IkeVersions",
    "phase1_encryption": "Phase1EncryptionAlgorithms",
    "phase1_integrity": "Phase1IntegrityAlgorithms",
    "phase1_dh_groups": "Phase1DHGroupNumbers",
    "phase2_encryption": "Phase2EncryptionAlgorithms",
    "phase2_integrity": "Phase2IntegrityAlgorithms",
    "phase2_dh_groups": "Phase2DHGroupNumbers",
}
VALUES = {
    "phase1_lifetime_seconds": "Phase1LifetimeSeconds",
    "phase2_lifetime_seconds": "Phase2LifetimeSeconds",
    "rekey_margin_seconds": "RekeyMarginTimeSeconds",
    "rekey_fuzz_percentage": "RekeyFuzzPercentage",
    "replay_window_size": "ReplayWindowSize",
    "dpd_timeout_seconds": "DpdTimeoutSeconds",
    "dpd_timeout_action": "DpdTimeoutAction",
    "startup_action": "StartupAction",
    "tunnel_lifecycle_control": "EnableTunnelLifecycleControl",
}


def vpn_connections(calls: Calls, scope: Scope) -> dict[str, VpnConnection]:
    """The connections of a stack, or all."""
    # the keys go first, so that no error further on can show one
    entries = [_without_keys(one) for one in described(calls, CONNECTION, scope.of_type("VPNConnection"))]
    return {one["VpnConnectionId"]: _connection(one) for one in entries if one["State"] not in ENDED}


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_keys(inner) for name, inner in value.items() if name not in SECRET}
    return [_without_keys(inner) for inner in value] if isinstance(value, list) else value


def _connection(entry: Entry) -> VpnConnection:
    options: Entry = entry.get("Options") or {}
    version = options.get("TunnelInsideIpVersion", "ipv4")
    family, everything = ("Ipv6", "::/0") if version == "ipv6" else ("Ipv4", "0.0.0.0/0")
    key_arn = optional(entry, "PreSharedKeyArn")
    telemetry = {one["OutsideIpAddress"]: _telemetry(one) for one in entry.get("VgwTelemetry") or ()}
    return VpnConnection(
        id=entry["VpnConnectionId"],
        name=name_of(entry),
        customer_gateway_id=entry["CustomerGatewayId"],
        tunnels=tuple(_tunnel(one, telemetry) for one in options.get("TunnelOptions") or ()),
        vpn_gateway_id=optional(entry, "VpnGatewayId"),
        transit_gateway_id=optional(entry, "TransitGatewayId"),
        state=entry["State"],
        static_routes_only=bool(options.get("StaticRoutesOnly")),
        static_routes=tuple(
            StaticRoute(one["DestinationCidrBlock"], one.get("State", ""))
            for one in entry.get("Routes") or ()
            if one.get("State") not in ENDED
        ),
        local_cidr=options.get(f"Local{family}NetworkCidr") or everything,
        remote_cidr=options.get(f"Remote{family}NetworkCidr") or everything,
        inside_ip_version=version,
        outside_address_type=options.get("OutsideIpAddressType") or "PublicIpv4",
        acceleration=bool(options.get("EnableAcceleration")),
        tunnel_bandwidth=options.get("TunnelBandwidth") or "standard",
        key_storage="SecretsManager" if key_arn else "Standard",
        key_arn=key_arn,
        transport_attachment_id=optional(options, "TransportTransitGatewayAttachmentId"),
        concentrator_id=optional(entry, "VpnConcentratorId"),
        core_network_arn=optional(entry, "CoreNetworkArn"),
        gateway_association=entry.get("GatewayAssociationState", ""),
    )


def _telemetry(entry: Entry) -> TunnelTelemetry:
    return TunnelTelemetry(
        status=entry["Status"],
        message=entry.get("StatusMessage") or "",
        last_change=entry.get("LastStatusChange"),
        accepted_routes=int(entry.get("AcceptedRouteCount") or 0),
    )


def _tunnel(entry: Entry, telemetry: dict[str, TunnelTelemetry]) -> Tunnel:
    address = entry.get("OutsideIpAddress", "")
    return Tunnel(
        outside_address=address,
        inside_cidr=entry.get("TunnelInsideCidr", ""),
        options=_options(entry),
        inside_ipv6_cidr=optional(entry, "TunnelInsideIpv6Cidr"),
        telemetry=telemetry.get(address),
    )


def _options(entry: Entry) -> TunnelOptions:
    found: dict[str, Any] = {
        option: tuple(one["Value"] for one in entry[name]) for option, name in LISTS.items() if entry.get(name)
    }
    found |= {option: entry[name] for option, name in VALUES.items() if entry.get(name) is not None}
    logs = (entry.get("LogOptions") or {}).get("CloudWatchLogOptions") or {}
    for option, prefix in (("vpn_log", ""), ("bgp_log", "Bgp")):
        if logs.get(f"{prefix}LogEnabled") is not None:
            found[option] = TunnelLog(
                bool(logs[f"{prefix}LogEnabled"]),
                optional(logs, f"{prefix}LogGroupArn"),
                logs.get(f"{prefix}LogOutputFormat") or "json",
            )
    return TunnelOptions(**found, written=frozenset(found))
