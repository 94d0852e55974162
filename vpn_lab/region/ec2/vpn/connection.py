"""One Site-to-Site VPN connection with its two tunnels, as DescribeVpnConnections shows it."""

from __future__ import annotations

import time
from typing import Any

from moto.ec2.models.vpn_connections import VPNConnection

from vpn_lab.region.ec2.vpn import customer_gateway_configuration, tunnel_options
from vpn_lab.region.ec2.vpn.tunnel import Tunnel

PROVISIONING_SECONDS = 0.3


class RegionVpnConnection(VPNConnection):
    """A connection: moto's class has the identity, ours the tunnels, routes and options."""

    pre_shared_key_arn: str | None = None
    category = "VPN"
    gateway_association_state = "associated"

    def __init__(
        self, ec2_backend: Any, identifier: str, request: dict[str, Any], settings: dict[str, Any], tags: dict[str, str]
    ) -> None:
        self.settings = settings
        self.tunnel_list: list[Tunnel] = []
        self.static_cidrs: list[str] = []
        self._available_at: float | None = None
        super().__init__(
            ec2_backend,
            identifier,
            request["Type"],
            request["CustomerGatewayId"],
            request.get("VpnGatewayId"),
            request.get("TransitGatewayId"),
            tags,
        )

    @property
    def state(self) -> str:
        """Provisioning takes minutes on AWS and a moment here; it starts when a caller first sees the state pending."""
        if self._state != "available":
            return self._state
        if self._available_at is None:
            self._available_at = time.monotonic() + PROVISIONING_SECONDS
        return "pending" if time.monotonic() < self._available_at else "available"

    @state.setter
    def state(self, value: str) -> None:
        self._state = value

    @property
    def static_routes_only(self) -> bool:
        return bool(self.settings.get("StaticRoutesOnly", False))

    @property
    def exists(self) -> bool:
        return self._state == "available"  # not .state: only a caller's request starts the provisioning

    def tunnel_at(self, outside_address: str) -> Tunnel | None:
        return next((tunnel for tunnel in self.tunnel_list if tunnel.outside_address == outside_address), None)

    @property  # type: ignore[override]
    def options(self) -> dict[str, Any]:
        """The member ``Options`` of the answer."""
        keys_shown = self.pre_shared_key_arn is None
        shown = [
            tunnel_options.shown(
                {**tunnel.options, "TunnelInsideCidr": tunnel.inside_cidr},
                tunnel.outside_address,
                tunnel.pre_shared_key if keys_shown else None,
            )
            for tunnel in self.tunnel_list
        ]
        defaults = {
            "EnableAcceleration": False,
            "StaticRoutesOnly": False,
            "LocalIpv4NetworkCidr": "0.0.0.0/0",
            "RemoteIpv4NetworkCidr": "0.0.0.0/0",
            "OutsideIpAddressType": "PublicIpv4",
            "TunnelInsideIpVersion": "ipv4",
            "TunnelBandwidth": "standard",
        }
        return {**defaults, **self.settings, "TunnelOptions": shown}

    @options.setter
    def options(self, value: object) -> None:
        """Ignore the None that moto's constructor assigns: the value is computed."""

    @property
    def routes(self) -> list[dict[str, str]]:
        return [
            {"DestinationCidrBlock": cidr, "Source": "Static", "State": "available" if self.exists else "deleted"}
            for cidr in self.static_cidrs
        ]

    @property
    def vgw_telemetry(self) -> list[dict[str, Any]]:
        """One entry per tunnel in the order of the addresses: AWS does not promise the order of the options."""
        return [
            {
                "OutsideIpAddress": tunnel.outside_address,
                "Status": tunnel.status,
                "StatusMessage": tunnel.status_message,
                "LastStatusChange": tunnel.last_change,
                "AcceptedRouteCount": self.accepted_routes(tunnel),
            }
            for tunnel in sorted(self.tunnel_list, key=lambda tunnel: tunnel.outside_address)
        ]

    def accepted_routes(self, tunnel: Tunnel) -> int:
        """The number of routes that AWS shows: prefixes learned by BGP, or the static routes of a tunnel that is up."""
        if self.static_routes_only:
            return len(self.static_cidrs) if tunnel.status == "UP" else 0
        return len(tunnel.learned_prefixes)

    @property
    def reachable_prefixes(self) -> list[str]:
        """The routes that the gateway propagates for this connection; none, even if static, while no tunnel is up."""
        if not self.exists:
            return []
        if self.static_routes_only:
            up = any(tunnel.status == "UP" for tunnel in self.tunnel_list)
            return list(self.static_cidrs) if up else []
        return list(dict.fromkeys(prefix for tunnel in self.tunnel_list for prefix in tunnel.learned_prefixes))

    @property
    def customer_gateway_configuration(self) -> str:
        gateway = self.ec2_backend.get_customer_gateway(self.customer_gateway_id)
        return customer_gateway_configuration.render(self, gateway, self.ec2_backend.amazon_side_asn(self))

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        direct = {
            "vpn-connection-id": self.id,
            "customer-gateway-id": self.customer_gateway_id,
            "vpn-gateway-id": self.vpn_gateway_id,
            "transit-gateway-id": self.transit_gateway_id,
            "option.static-routes-only": str(self.static_routes_only).lower(),
            "route.destination-cidr-block": self.static_cidrs,
            "state": self.state,
            "type": self.type,
        }
        if filter_name in direct:
            return direct[filter_name]
        return super().get_filter_value(filter_name, method_name)
