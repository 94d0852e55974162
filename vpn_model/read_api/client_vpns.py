"""Client VPN endpoints, as the EC2 API describes them."""

from __future__ import annotations

from typing import Any

from vpn_model.client_vpn import (
    Authentication,
    AuthorizationRule,
    ClientVpnAssociation,
    ClientVpnEndpoint,
    ClientVpnRoute,
    ConnectionLog,
)
from vpn_model.read_api.calls import Calls, Entry, name_of, optional
from vpn_model.read_api.scope import Question, Scope, described

ENDPOINT = Question(
    "describe_client_vpn_endpoints", "ClientVpnEndpoints", "ClientVpnEndpoint", "ClientVpnEndpointId", "endpoint-id"
)
ENDED = frozenset({"deleted", "deleting"})
ENDED_ASSOCIATION = frozenset({"disassociated", "disassociating", "association-failed"})
SOURCES = {
    "MutualAuthentication": "ClientRootCertificateChain",
    "ActiveDirectory": "DirectoryId",
    "FederatedAuthentication": "SamlProviderArn",
}


def client_vpn_endpoints(calls: Calls, scope: Scope) -> dict[str, ClientVpnEndpoint]:
    """The endpoints of a stack, or all."""
    entries = described(calls, ENDPOINT, scope.of_type("ClientVpnEndpoint"))
    return {one["ClientVpnEndpointId"]: _endpoint(calls, one) for one in entries if _code(one) not in ENDED}


def _code(entry: Entry) -> str:
    return str((entry.get("Status") or {}).get("Code", ""))


def _endpoint(calls: Calls, entry: Entry) -> ClientVpnEndpoint:
    named = {"ClientVpnEndpointId": entry["ClientVpnEndpointId"]}
    networks = calls.pages("describe_client_vpn_target_networks", "ClientVpnTargetNetworks", **named)
    routes = calls.pages("describe_client_vpn_routes", "Routes", **named)
    rules = calls.pages("describe_client_vpn_authorization_rules", "AuthorizationRules", **named)
    return ClientVpnEndpoint(
        id=entry["ClientVpnEndpointId"],
        name=name_of(entry),
        client_cidr=entry.get("ClientCidrBlock", ""),
        authentication=tuple(_authentication(one) for one in entry.get("AuthenticationOptions") or ()),
        server_certificate_arn=entry.get("ServerCertificateArn", ""),
        dns_name=entry.get("DnsName", ""),
        vpc_id=optional(entry, "VpcId"),
        transit_gateway_id=optional(entry.get("TransitGatewayConfiguration") or {}, "TransitGatewayId"),
        group_ids=tuple(entry.get("SecurityGroupIds") or ()),
        associations=tuple(
            ClientVpnAssociation(one["AssociationId"], one["TargetNetworkId"], _code(one))
            for one in networks
            if _code(one) not in ENDED_ASSOCIATION
        ),
        routes=tuple(
            ClientVpnRoute(
                one["DestinationCidr"], one.get("TargetSubnet") or "", one.get("Origin", "add-route"), _code(one)
            )
            for one in routes
            if _code(one) not in ENDED
        ),
        authorization_rules=tuple(
            AuthorizationRule(
                one["DestinationCidr"], None if one.get("AccessAll") else one.get("GroupId", ""), _code(one)
            )
            for one in rules
            if _code(one) != "revoking"
        ),
        **_settings(entry),
    )


def _settings(entry: Entry) -> dict[str, Any]:
    logs, connect = entry.get("ConnectionLogOptions") or {}, entry.get("ClientConnectOptions") or {}
    return {
        "protocol": entry.get("TransportProtocol", "udp"),
        "port": int(entry.get("VpnPort") or 443),
        "split_tunnel": bool(entry.get("SplitTunnel")),
        "dns_servers": tuple(entry.get("DnsServers") or ()),
        "connection_log": ConnectionLog(
            bool(logs.get("Enabled")), optional(logs, "CloudwatchLogGroup"), optional(logs, "CloudwatchLogStream")
        ),
        "session_timeout_hours": int(entry.get("SessionTimeoutHours") or 24),
        "disconnect_on_session_timeout": bool(entry.get("DisconnectOnSessionTimeout", True)),
        "self_service_portal": bool(entry.get("SelfServicePortalUrl")),
        "client_connect_function_arn": optional(connect, "LambdaFunctionArn") if connect.get("Enabled") else None,
        "description": entry.get("Description") or "",
        "state": _code(entry),
    }


def _authentication(entry: Entry) -> Authentication:
    found = (entry[name].get(source, "") for name, source in SOURCES.items() if entry.get(name))
    return Authentication(entry["Type"], next(found, ""))
