"""Creates, changes and deletes Site-to-Site VPN connections, with the checks of EC2."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.ec2.exceptions import InvalidVpnConnectionIdError
from moto.ec2.models import EC2Backend
from moto.ec2.utils import random_vpn_connection_id

from vpn_lab.region import quotas
from vpn_lab.region.clients import own_client
from vpn_lab.region.ec2.account import InAccount
from vpn_lab.region.ec2.errors import invalid_value, refusal
from vpn_lab.region.ec2.vpn import connection_options as vpn_options
from vpn_lab.region.ec2.vpn import outside_addresses, tunnel_options
from vpn_lab.region.ec2.vpn.connection import RegionVpnConnection
from vpn_lab.region.ec2.vpn.tunnel import Tunnel
from vpn_lab.region.ec2.vpn.vpn_gateways import VpnGateways

STATIC_ROUTES_PER_CONNECTION = 100


class VpnConnections(VpnGateways, InAccount, EC2Backend):
    vpn_connections: dict[str, RegionVpnConnection]  # type: ignore[assignment]

    def open_vpn_connection(self, request: dict[str, Any], tags: dict[str, str]) -> RegionVpnConnection:
        options = dict(request.get("Options") or {})
        specifications = options.pop("TunnelOptions", None) or []
        self._check_request(request, options, specifications)
        existing = [one for one in self.vpn_connections.values() if one.exists]
        if len(existing) >= quotas.applied(self.region_name, quotas.VPN_CONNECTIONS):
            raise refusal("VpnConnectionLimitExceeded", "The maximum number of VPN connections has been reached.")
        created = RegionVpnConnection(self, random_vpn_connection_id(), request, options, tags)
        self.vpn_connections[created.id] = created
        self._add_tunnels(created, specifications)
        if request.get("PreSharedKeyStorage") == "SecretsManager":
            created.pre_shared_key_arn = store_keys(created)
        return created

    def _check_request(self, request: dict[str, Any], options: dict[str, Any], specs: list[dict[str, Any]]) -> None:
        if request.get("Type") != "ipsec.1":
            raise invalid_value("type", request.get("Type"), "Valid values: ipsec.1.")
        vgw, tgw = request.get("VpnGatewayId"), request.get("TransitGatewayId")
        if vgw and tgw:
            message = "The request must not contain both parameter vpnGatewayId and transitGatewayId"
            raise refusal("InvalidParameterCombination", message)
        if request.get("PreSharedKeyStorage", "Standard") not in ("Standard", "SecretsManager"):
            storage = request["PreSharedKeyStorage"]
            raise invalid_value("PreSharedKeyStorage", storage, "Valid values: Standard, SecretsManager.")
        if self.get_customer_gateway(request["CustomerGatewayId"]).state != "available":
            message = f"The customer gateway '{request['CustomerGatewayId']}' is deleted."
            raise refusal("InvalidCustomerGatewayID.NotFound", message)
        if len(specs) > 2:
            raise invalid_value("TunnelOptions", len(specs), "A connection has two tunnels.")
        if not tgw:
            vpn_options.check_on_virtual_private_gateway(options)
        else:
            vpn_options.check_on_transit_gateway(options, lambda identifier: self.attachment(identifier).resource_type)
        self._check_gateway(vgw, tgw, request["CustomerGatewayId"])
        for specification in specs:
            tunnel_options.check(specification)

    def _check_gateway(self, vgw: str | None, tgw: str | None, cgw: str) -> None:
        if vgw:
            self.living_vpn_gateway(vgw)
            limit = quotas.applied(self.region_name, quotas.VPN_CONNECTIONS_PER_GATEWAY)
            if len(list(self.connections_of(vgw))) >= limit:
                message = f"{vgw} has {limit} VPN connections, which is the maximum."
                raise refusal("VpnConnectionLimitExceeded", message)
        if tgw:
            self.transit_gateway(tgw)
        amazon = self.gateway_asn(vgw, tgw)
        customer = self.get_customer_gateway(cgw).bgp_asn
        if amazon is not None and customer == amazon:
            raise invalid_value("bgpAsn", customer, "It must differ from the ASN of the Amazon side of the connection.")

    def play_device(self, user_data: str) -> None:
        """Let the tunnels come up whose addresses are in the user-data of a device that the region signals for."""
        for connection in self.vpn_connections.values():
            for tunnel in connection.tunnel_list:
                if connection.exists and tunnel.outside_address in user_data:
                    tunnel.is_played = True
                    tunnel.restart()

    def connections_of(self, vpn_gateway_id: str) -> Iterator[RegionVpnConnection]:
        return (one for one in self.vpn_connections.values() if one.exists and one.vpn_gateway_id == vpn_gateway_id)

    def gateway_asn(self, vgw: str | None, tgw: str | None) -> str | None:
        if vgw:
            return str(self.get_vpn_gateway(vgw).amazon_side_asn)
        if tgw and tgw in self.transit_gateways:
            return str(self.transit_gateways[tgw].options["AmazonSideAsn"])
        return None

    def amazon_side_asn(self, connection: RegionVpnConnection) -> str:
        return self.gateway_asn(connection.vpn_gateway_id, connection.transit_gateway_id) or "64512"

    def _add_tunnels(self, connection: RegionVpnConnection, specifications: list[dict[str, Any]]) -> None:
        existing = [one for backend in self.everywhere() for one in backend.vpn_connections.values() if one.exists]
        everyone = [tunnel for one in existing for tunnel in one.tunnel_list]
        padded = [*specifications, *({} for _ in range(2 - len(specifications)))]
        try:
            for pool, specification in zip(outside_addresses.TUNNEL_ENDPOINTS, padded, strict=True):
                options = dict(specification)
                key = options.pop("PreSharedKey", None) or tunnel_options.random_pre_shared_key()
                inside = self._inside_cidr(connection, options.pop("TunnelInsideCidr", None))
                self._take_inside_ipv6_cidr(connection, options)
                address = outside_addresses.first_free(pool, (tunnel.outside_address for tunnel in everyone))
                connection.tunnel_list.append(Tunnel(address, inside, key, options))
        except Exception:
            del self.vpn_connections[connection.id]
            raise

    def _inside_cidr(self, connection: RegionVpnConnection, asked: str | None, ignore: Tunnel | None = None) -> str:
        used = [tunnel.inside_cidr for tunnel in self._neighbours(connection) if tunnel is not ignore]
        if asked is None:
            return tunnel_options.free_inside_cidr(used)
        if asked in used:
            gateway = connection.vpn_gateway_id or connection.transit_gateway_id or connection.id
            rule = f"The CIDR block is already in use by a tunnel of {gateway}."
            raise invalid_value("TunnelInsideCidr", asked, rule)
        return asked

    def _take_inside_ipv6_cidr(self, connection: RegionVpnConnection, options: dict[str, Any]) -> None:
        ipv6, asked = connection.settings.get("TunnelInsideIpVersion") == "ipv6", options.get("TunnelInsideIpv6Cidr")
        used = [tunnel.options.get("TunnelInsideIpv6Cidr") for tunnel in self._neighbours(connection)]
        if asked and (not ipv6 or asked in used):
            rule = "It is already in use by another tunnel." if ipv6 else "The tunnels carry IPv4."
            raise invalid_value("TunnelInsideIpv6Cidr", asked, rule)
        if ipv6 and not asked:
            options["TunnelInsideIpv6Cidr"] = tunnel_options.free_inside_ipv6_cidr(used)

    def _neighbours(self, connection: RegionVpnConnection) -> list[Tunnel]:
        """All tunnels of the same gateway, those of the connection first."""
        ends = (connection.vpn_gateway_id, connection.transit_gateway_id)
        others = [
            one
            for one in self.vpn_connections.values()
            if one.exists
            and one is not connection
            and any(ends)
            and (one.vpn_gateway_id, one.transit_gateway_id) == ends
        ]
        return [tunnel for one in (connection, *others) for tunnel in one.tunnel_list]

    def living_vpn_connection(self, vpn_connection_id: str) -> RegionVpnConnection:
        connection = self.vpn_connections.get(vpn_connection_id)
        if connection is None or not connection.exists:
            raise InvalidVpnConnectionIdError(vpn_connection_id)
        return connection

    def tunnel(self, vpn_connection_id: str, outside_address: str) -> tuple[RegionVpnConnection, Tunnel]:
        connection = self.living_vpn_connection(vpn_connection_id)
        tunnel = connection.tunnel_at(outside_address)
        if tunnel is None:
            rule = f"It is not an outside address of {vpn_connection_id}."
            raise invalid_value("VpnTunnelOutsideIpAddress", outside_address, rule)
        return connection, tunnel

    def change_tunnel(self, vpn_connection_id: str, outside_address: str, changes: dict[str, Any]) -> None:
        """ModifyVpnTunnelOptions: change what the request contains, keep the rest, and drop the tunnel."""
        connection, tunnel = self.tunnel(vpn_connection_id, outside_address)
        changes = dict(changes)
        options = {**tunnel.options, **changes}
        tunnel_options.check(options)
        inside = changes.get("TunnelInsideCidr")
        if inside is not None:
            tunnel.inside_cidr = self._inside_cidr(connection, inside, ignore=tunnel)
        tunnel.pre_shared_key = changes.get("PreSharedKey") or tunnel.pre_shared_key
        tunnel.options = {
            name: value for name, value in options.items() if name not in ("PreSharedKey", "TunnelInsideCidr")
        }
        tunnel.restart()
        if connection.pre_shared_key_arn is not None:
            store_keys(connection)

    def replace_tunnel(self, vpn_connection_id: str, outside_address: str) -> None:
        """ReplaceVpnTunnel: replace the endpoint behind the same address, which drops the tunnel meanwhile."""
        _, tunnel = self.tunnel(vpn_connection_id, outside_address)
        tunnel.replaced_at = datetime.now(UTC)
        tunnel.restart()

    def move_vpn_connection(self, request: dict[str, Any]) -> RegionVpnConnection:
        """ModifyVpnConnection: change the gateway at one end, and keep the tunnels."""
        connection = self.living_vpn_connection(request["VpnConnectionId"])
        vgw, tgw = request.get("VpnGatewayId"), request.get("TransitGatewayId")
        cgw = request.get("CustomerGatewayId") or connection.customer_gateway_id
        self.get_customer_gateway(cgw)
        self._check_gateway(vgw if vgw != connection.vpn_gateway_id else None, tgw, cgw)
        connection.customer_gateway_id = cgw
        if vgw or tgw:
            connection.vpn_gateway_id, connection.transit_gateway_id = vgw, tgw
            self.detach_vpn_connection(connection.id)
            if tgw:
                self.attach_vpn_connection(tgw, connection.id)
        for tunnel in connection.tunnel_list:
            tunnel.restart()
        return connection

    def add_static_route(self, vpn_connection_id: str, cidr: str) -> None:
        connection = self.living_vpn_connection(vpn_connection_id)
        if not connection.static_routes_only:
            message = f"Static routes cannot be added to {vpn_connection_id}: it uses dynamic routing (BGP)."
            raise refusal("InvalidParameterValue", message)
        if connection.transit_gateway_id:
            message = f"{vpn_connection_id} ends on a transit gateway; its routes stand in the gateway's route tables."
            raise refusal("InvalidParameterValue", message)
        if len(connection.static_cidrs) >= STATIC_ROUTES_PER_CONNECTION:
            raise refusal("RouteLimitExceeded", "The maximum number of routes of the connection has been reached.")
        if cidr in connection.static_cidrs:
            raise refusal("RouteAlreadyExists", f"The route {cidr} already exists on {vpn_connection_id}.")
        connection.static_cidrs.append(cidr)

    def remove_static_route(self, vpn_connection_id: str, cidr: str) -> None:
        connection = self.living_vpn_connection(vpn_connection_id)
        if cidr not in connection.static_cidrs:
            raise refusal("InvalidRoute.NotFound", f"There is no route {cidr} on {vpn_connection_id}.")
        connection.static_cidrs.remove(cidr)

    def delete_vpn_connection(self, vpn_connection_id: str) -> RegionVpnConnection:
        connection = self.living_vpn_connection(vpn_connection_id)
        if connection.pre_shared_key_arn is not None:
            own_client("secretsmanager").delete_secret(
                SecretId=connection.pre_shared_key_arn, ForceDeleteWithoutRecovery=True
            )
        for tunnel in connection.tunnel_list:
            tunnel.report("DOWN", "", [], {})
        self.detach_vpn_connection(connection.id)
        connection.state = "deleted"
        return connection


def store_keys(connection: RegionVpnConnection) -> str:
    """Store the keys in a secret for PreSharedKeyStorage=SecretsManager; the answer names the secret."""
    keys = json.dumps({tunnel.outside_address: tunnel.pre_shared_key for tunnel in connection.tunnel_list})
    secrets = own_client("secretsmanager")
    if connection.pre_shared_key_arn is not None:
        secrets.put_secret_value(SecretId=connection.pre_shared_key_arn, SecretString=keys)
        return connection.pre_shared_key_arn
    return str(secrets.create_secret(Name=f"s2svpn!{connection.id}", SecretString=keys)["ARN"])
