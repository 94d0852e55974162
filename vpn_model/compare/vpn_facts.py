"""The facts of VPN connections, their two ends, transit gateways and Client VPN endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from vpn_model.client_vpn import ClientVpnEndpoint
from vpn_model.compare.labels import Labels
from vpn_model.connection import Tunnel, VpnConnection
from vpn_model.network import Network
from vpn_model.transit import TransitGateway

Section: TypeAlias = Iterator[tuple[str, dict[str, Any]]]
CONNECTION_FIELDS = (
    *("static_routes_only", "local_cidr", "remote_cidr", "inside_ip_version", "outside_address_type"),
    *("acceleration", "tunnel_bandwidth", "key_storage"),
)
CLIENT_VPN_FIELDS = (
    *("client_cidr", "server_certificate_arn", "protocol", "port", "split_tunnel", "dns_servers"),
    *("session_timeout_hours", "disconnect_on_session_timeout", "self_service_portal", "client_connect_function_arn"),
)


def _gateways(network: Network, label: Labels) -> Section:
    for gateway in network.vpn_gateways.values():
        yield f"virtual private gateway {label(gateway.id)}", {"vpc": label(gateway.vpc_id), "asn": gateway.asn}
    for customer in network.customer_gateways.values():
        yield (
            f"customer gateway {label(customer.id)}",
            {
                "address": label.address(customer.address),
                "asn": customer.asn,
                "certificate": customer.certificate_arn,
            },
        )


def _connections(network: Network, label: Labels) -> Section:
    for one in network.vpn_connections.values():
        yield f"VPN connection {label(one.id)}", _connection(one, label)
        for number, tunnel in enumerate(one.tunnels, start=1):
            yield f"tunnel {number} of {label(one.id)}", _tunnel(tunnel)


def _connection(connection: VpnConnection, label: Labels) -> dict[str, Any]:
    return {name: getattr(connection, name) for name in CONNECTION_FIELDS} | {
        "customer_gateway": label(connection.customer_gateway_id),
        "gateway": label(connection.gateway_id),
        "static_routes": frozenset(one.destination for one in connection.static_routes),
    }


def _tunnel(tunnel: Tunnel) -> dict[str, Any]:
    options = {
        name: frozenset(value) if isinstance(value, tuple) else value
        for name, value in vars(tunnel.options).items()
        if name not in ("written", "vpn_log", "bgp_log")
    }
    logs = {name: vars(getattr(tunnel.options, name)) for name in ("vpn_log", "bgp_log")}
    logged = {f"{log} {name}": value for log, values in logs.items() for name, value in values.items()}
    return {"inside_cidr": tunnel.inside_cidr, "inside_ipv6_cidr": tunnel.inside_ipv6_cidr, **options, **logged}


def _transit(network: Network, label: Labels) -> Section:
    for gateway in network.transit_gateways.values():
        yield f"transit gateway {label(gateway.id)}", {"asn": gateway.asn, "ecmp": gateway.ecmp}
        yield from _attachments(gateway, label)
        vpns = {one.id for one in gateway.of_kind("vpn")}
        for table in gateway.tables:
            yield (
                f"transit route table {label(table.id)}",
                {
                    "learns_from": label.all(table.propagating_attachment_ids),
                    "routes": frozenset(
                        (one.destination, label.all(one.attachment_ids), one.origin, one.state)
                        for one in table.routes
                        if one.origin == "static" or not vpns & {*one.attachment_ids}
                    ),
                },
            )


def _attachments(gateway: TransitGateway, label: Labels) -> Section:
    for one in gateway.attachments:
        yield (
            f"transit attachment {label(one.id)}",
            {
                "gateway": label(gateway.id),
                "kind": one.kind,
                "resource": label(one.resource_id),
                "route_table": label(one.table_id),
                "subnets": label.all(one.subnet_ids),
                "appliance_mode": one.appliance_mode,
            },
        )


def _client_vpns(network: Network, label: Labels) -> Section:
    for one in network.client_vpn_endpoints.values():
        yield f"Client VPN endpoint {label(one.id)}", _client_vpn(one, label)


def _client_vpn(endpoint: ClientVpnEndpoint, label: Labels) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in CLIENT_VPN_FIELDS} | {
        "vpc": label(endpoint.vpc_id),
        "groups": label.all(endpoint.group_ids),
        "authentication": frozenset((one.kind, one.source) for one in endpoint.authentication),
        "connection_log": endpoint.connection_log.enabled,
        "associations": frozenset(label(one.subnet_id) for one in endpoint.associations),
        "routes": frozenset((one.destination, label(one.subnet_id), one.origin) for one in endpoint.routes),
        "authorization_rules": frozenset((one.destination, one.group_id) for one in endpoint.authorization_rules),
    }


SECTIONS = (_gateways, _connections, _transit, _client_vpns)
