"""The actions of Site-to-Site VPN."""

from __future__ import annotations

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification

from vpn_lab.region.ec2.errors import refusal


class VpnActions(EC2Response):
    def create_customer_gateway(self) -> ActionResult:
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        return ActionResult({"CustomerGateway": self.ec2_backend.open_customer_gateway(self.params, tags)})

    def create_vpn_connection(self) -> ActionResult:
        backend = self.ec2_backend
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        connection = backend.open_vpn_connection(self.params, tags)
        if connection.transit_gateway_id:
            backend.attach_vpn_connection(connection.transit_gateway_id, connection.id)
        return ActionResult({"VpnConnection": connection})

    def modify_vpn_connection(self) -> ActionResult:
        return ActionResult({"VpnConnection": self.ec2_backend.move_vpn_connection(self.params)})

    def modify_vpn_connection_options(self) -> ActionResult:
        connection = self.ec2_backend.living_vpn_connection(self._get_param("VpnConnectionId"))
        names = ("LocalIpv4NetworkCidr", "RemoteIpv4NetworkCidr", "LocalIpv6NetworkCidr", "RemoteIpv6NetworkCidr")
        if self._get_param("TunnelBandwidth") == "large" and connection.vpn_gateway_id:
            raise refusal("InvalidParameterCombination", "TunnelBandwidth=large requires a transit gateway.")
        changed = {name: self._get_param(name) for name in (*names, "TunnelBandwidth") if self._get_param(name)}
        connection.settings.update(changed)
        return ActionResult({"VpnConnection": connection})

    def modify_vpn_tunnel_options(self) -> ActionResult:
        identifier = self._get_param("VpnConnectionId")
        address = self._get_param("VpnTunnelOutsideIpAddress")
        self.ec2_backend.change_tunnel(identifier, address, self._get_param("TunnelOptions", {}))
        return ActionResult({"VpnConnection": self.ec2_backend.living_vpn_connection(identifier)})

    def create_vpn_connection_route(self) -> ActionResult:
        self.ec2_backend.add_static_route(self._get_param("VpnConnectionId"), self._get_param("DestinationCidrBlock"))
        return EmptyResult()

    def delete_vpn_connection_route(self) -> ActionResult:
        self.ec2_backend.remove_static_route(
            self._get_param("VpnConnectionId"), self._get_param("DestinationCidrBlock")
        )
        return EmptyResult()

    def get_active_vpn_tunnel_status(self) -> ActionResult:
        _, tunnel = self.ec2_backend.tunnel(
            self._get_param("VpnConnectionId"), self._get_param("VpnTunnelOutsideIpAddress")
        )
        return ActionResult({"ActiveVpnTunnelStatus": {"ProvisioningStatus": "available", **tunnel.negotiated}})

    def get_vpn_tunnel_replacement_status(self) -> ActionResult:
        connection, tunnel = self.ec2_backend.tunnel(
            self._get_param("VpnConnectionId"), self._get_param("VpnTunnelOutsideIpAddress")
        )
        return ActionResult(
            {
                "VpnConnectionId": connection.id,
                "CustomerGatewayId": connection.customer_gateway_id,
                "VpnGatewayId": connection.vpn_gateway_id,
                "TransitGatewayId": connection.transit_gateway_id,
                "VpnTunnelOutsideIpAddress": tunnel.outside_address,
                "MaintenanceDetails": {"LastMaintenanceApplied": tunnel.replaced_at},
            }
        )

    def replace_vpn_tunnel(self) -> ActionResult:
        self.ec2_backend.replace_tunnel(
            self._get_param("VpnConnectionId"), self._get_param("VpnTunnelOutsideIpAddress")
        )
        return ActionResult({"Return": True})
