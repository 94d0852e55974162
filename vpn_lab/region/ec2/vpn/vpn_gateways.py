"""Virtual private gateways: each with one VPC, and the route tables to which it propagates learned routes."""

from __future__ import annotations

from moto.ec2.models import EC2Backend
from moto.ec2.models.vpn_gateway import VPCGatewayAttachment, VpnGateway

from vpn_lab.region import quotas
from vpn_lab.region.ec2.errors import invalid_value, refusal
from vpn_lab.region.ec2.transit.route_tables import TransitGatewayTables
from vpn_lab.region.ec2.vpn.customer_gateways import RESERVED_ASNS

DEFAULT_AMAZON_SIDE_ASN = "64512"


class VpnGateways(TransitGatewayTables, EC2Backend):
    propagation: dict[str, list[str]]
    """Route table id → the virtual private gateways that propagate into it."""

    def create_vpn_gateway(
        self,
        gateway_type: str = "ipsec.1",
        amazon_side_asn: str | None = None,
        availability_zone: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> VpnGateway:
        asn = int(amazon_side_asn or DEFAULT_AMAZON_SIDE_ASN)
        if asn in RESERVED_ASNS.get(self.region_name, ()) and asn != 7224:
            raise invalid_value("amazonSideAsn", asn, f"The ASN is reserved in {self.region_name}.")
        if not (asn == 7224 or 64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294):
            raise invalid_value("amazonSideAsn", asn, "It must be a private ASN: 64512-65534 or 4200000000-4294967294.")
        used = len([gateway for gateway in self.vpn_gateways.values() if gateway.state != "deleted"])
        if used >= quotas.applied(self.region_name, quotas.VPN_GATEWAYS):
            raise refusal("VpnGatewayLimitExceeded", "The maximum number of virtual private gateways has been reached.")
        return super().create_vpn_gateway(gateway_type, str(asn), availability_zone, tags)

    def attach_vpn_gateway(self, vpn_gateway_id: str, vpc_id: str) -> VPCGatewayAttachment:
        gateway = self.living_vpn_gateway(vpn_gateway_id)
        for attachment in gateway.attachments.values():
            if attachment.state == "attached" and attachment.vpc_id != vpc_id:
                message = f"{vpn_gateway_id} is already attached to {attachment.vpc_id}."
                raise refusal("VpnGatewayAttachmentLimitExceeded", message)
        for other in self.vpn_gateways.values():
            if other.id != vpn_gateway_id and self.attached_vpc(other) == vpc_id:
                message = f"The network {vpc_id} already has a virtual private gateway attached to it"
                raise refusal("InvalidParameterValue", message)
        return super().attach_vpn_gateway(vpn_gateway_id, vpc_id)

    def detach_vpn_gateway(self, vpn_gateway_id: str, vpc_id: str) -> VPCGatewayAttachment:
        detached = super().detach_vpn_gateway(vpn_gateway_id, vpc_id)
        for gateways in self.propagation.values():
            if vpn_gateway_id in gateways:
                gateways.remove(vpn_gateway_id)
        return detached

    def delete_vpn_gateway(self, vpn_gateway_id: str) -> VpnGateway:
        gateway = self.living_vpn_gateway(vpn_gateway_id)
        if self.attached_vpc(gateway):
            raise refusal("IncorrectState", f"The vpnGateway '{vpn_gateway_id}' is attached to a VPC; detach it first.")
        for connection in self.vpn_connections.values():
            if connection.vpn_gateway_id == vpn_gateway_id and connection.state != "deleted":
                raise refusal("IncorrectState", f"The vpnGateway '{vpn_gateway_id}' is used by '{connection.id}'.")
        return super().delete_vpn_gateway(vpn_gateway_id)

    def living_vpn_gateway(self, vpn_gateway_id: str) -> VpnGateway:
        gateway = self.get_vpn_gateway(vpn_gateway_id)
        if gateway.state == "deleted":
            raise refusal("InvalidVpnGatewayState", f"The virtual private gateway '{vpn_gateway_id}' is deleted.")
        return gateway

    def attached_vpc(self, gateway: VpnGateway) -> str | None:
        attached = [one.vpc_id for one in gateway.attachments.values() if one.state == "attached"]
        return attached[0] if attached else None

    def enable_vgw_route_propagation(self, route_table_id: str, gateway_id: str) -> None:
        table = self.get_route_table(route_table_id)
        if self.attached_vpc(self.living_vpn_gateway(gateway_id)) != table.vpc_id:
            message = f"Virtual private gateway {gateway_id} is not attached to VPC {table.vpc_id}"
            raise refusal("Gateway.NotAttached", message)
        if gateway_id not in self.propagation.setdefault(route_table_id, []):
            self.propagation[route_table_id].append(gateway_id)

    def disable_vgw_route_propagation(self, route_table_id: str, gateway_id: str) -> None:
        self.get_route_table(route_table_id)
        gateways = self.propagation.get(route_table_id, [])
        if gateway_id not in gateways:
            message = f"There is no route propagation from {gateway_id} to {route_table_id}"
            raise refusal("InvalidParameterValue", message)
        gateways.remove(gateway_id)
