"""Transit gateways and their attachments: VPCs on request, VPN connections automatically."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.utils import random_transit_gateway_attachment_id, random_transit_gateway_id

from vpn_lab.region import quotas
from vpn_lab.region.ec2.errors import dependency_violation, invalid_value, refusal

DEFAULT_OPTIONS: dict[str, Any] = {
    "AmazonSideAsn": 64512,
    "AutoAcceptSharedAttachments": "disable",
    "DefaultRouteTableAssociation": "enable",
    "DefaultRouteTablePropagation": "enable",
    "DnsSupport": "enable",
    "MulticastSupport": "disable",
    "SecurityGroupReferencingSupport": "disable",
    "VpnEcmpSupport": "enable",
}
VPC_OPTIONS = {
    "ApplianceModeSupport": "disable",
    "DnsSupport": "enable",
    "Ipv6Support": "disable",
    "SecurityGroupReferencingSupport": "enable",
}


@dataclass
class RegionTransitGateway:
    id: str
    description: str
    options: dict[str, Any]
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def enabled(self, option: str) -> bool:
        return bool(self.options[option] == "enable")


@dataclass
class Attachment:
    """A VPC or a VPN connection on a transit gateway."""

    id: str
    transit_gateway_id: str
    resource_type: str
    resource_id: str
    subnet_ids: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class TransitGateways(EC2Backend):
    transit_gateways: dict[str, RegionTransitGateway]  # type: ignore[assignment]
    transit_gateway_attachments: dict[str, Attachment]  # type: ignore[assignment]

    def open_transit_gateway(self, options: dict[str, Any], description: str) -> RegionTransitGateway:
        if len(self.transit_gateways) >= quotas.applied(self.region_name, quotas.TRANSIT_GATEWAYS):
            raise refusal("TransitGatewayLimitExceeded", "The maximum number of transit gateways has been reached.")
        merged = {**DEFAULT_OPTIONS, **options}
        _check_options(merged)
        gateway = RegionTransitGateway(random_transit_gateway_id(), description, merged)
        self.transit_gateways[gateway.id] = gateway
        self.make_default_route_table(gateway)
        return gateway

    def make_default_route_table(self, gateway: RegionTransitGateway) -> None:
        raise NotImplementedError

    def forget_attachment(self, attachment_id: str) -> None:
        raise NotImplementedError

    def settle_attachment(self, attachment: Attachment) -> None:
        raise NotImplementedError

    def transit_gateway(self, identifier: str) -> RegionTransitGateway:
        if identifier not in self.transit_gateways:
            message = f"Transit Gateway {identifier} was deleted or does not exist."
            raise refusal("InvalidTransitGatewayID.NotFound", message)
        return self.transit_gateways[identifier]

    def change_transit_gateway(self, identifier: str, options: dict[str, Any]) -> RegionTransitGateway:
        gateway = self.transit_gateway(identifier)
        gone = options.pop("RemoveTransitGatewayCidrBlocks", [])
        blocks = [one for one in gateway.options.get("TransitGatewayCidrBlocks", []) if one not in gone]
        blocks += options.pop("AddTransitGatewayCidrBlocks", [])
        merged = {**gateway.options, **options, "TransitGatewayCidrBlocks": blocks}
        _check_options(merged)
        vpn = any(one.resource_type == "vpn" for one in self.attachments_of(identifier))
        if vpn and int(merged["AmazonSideAsn"]) != int(gateway.options["AmazonSideAsn"]):
            raise refusal("IncorrectState", f"{identifier} has VPN attachments, so its ASN cannot be changed.")
        gateway.options = merged
        return gateway

    def close_transit_gateway(self, identifier: str) -> RegionTransitGateway:
        gateway = self.transit_gateway(identifier)
        attached = self.attachments_of(identifier)
        if attached:
            kinds = ", ".join(sorted({f"{one.resource_type.upper()} Attachments" for one in attached}))
            raise refusal("IncorrectState", f"{identifier} has non-deleted {kinds}.")
        del self.transit_gateways[identifier]
        return gateway

    def attachments_of(self, transit_gateway_id: str) -> list[Attachment]:
        return [
            one for one in self.transit_gateway_attachments.values() if one.transit_gateway_id == transit_gateway_id
        ]

    def attachment(self, identifier: str) -> Attachment:
        if identifier not in self.transit_gateway_attachments:
            message = f"Transit Gateway Attachment {identifier} was deleted or does not exist."
            raise refusal("InvalidTransitGatewayAttachmentID.NotFound", message)
        return self.transit_gateway_attachments[identifier]

    def attach_vpc(
        self, transit_gateway_id: str, vpc_id: str, subnet_ids: list[str], options: dict[str, str]
    ) -> Attachment:
        self.transit_gateway(transit_gateway_id)
        self.get_vpc(vpc_id)
        if self.vpc_attachment(transit_gateway_id, vpc_id) is not None:
            message = f"{transit_gateway_id} has non-deleted Transit Gateway Attachments with same VPC ID."
            raise refusal("DuplicateTransitGatewayAttachment", message)
        self._check_subnets(vpc_id, subnet_ids)
        merged = {**VPC_OPTIONS, **options}
        return self._attach(transit_gateway_id, "vpc", vpc_id, subnet_ids=list(subnet_ids), options=merged)

    def attach_vpn_connection(self, transit_gateway_id: str, vpn_connection_id: str) -> Attachment:
        return self._attach(transit_gateway_id, "vpn", vpn_connection_id)

    def _attach(self, transit_gateway_id: str, kind: str, resource_id: str, **more: Any) -> Attachment:
        made = Attachment(random_transit_gateway_attachment_id(), transit_gateway_id, kind, resource_id, **more)
        self.transit_gateway_attachments[made.id] = made
        self.settle_attachment(made)
        return made

    def vpc_attachment(self, transit_gateway_id: str, vpc_id: str) -> Attachment | None:
        found = [one for one in self.attachments_of(transit_gateway_id) if one.resource_id == vpc_id]
        return found[0] if found else None

    def change_vpc_attachment(
        self, identifier: str, come: list[str], gone: list[str], options: dict[str, str]
    ) -> Attachment:
        attachment = self.attachment(identifier)
        subnets = [one for one in attachment.subnet_ids if one not in gone] + come
        self._check_subnets(attachment.resource_id, subnets)
        attachment.subnet_ids = subnets
        attachment.options = {**attachment.options, **options}
        return attachment

    def _check_subnets(self, vpc_id: str, subnet_ids: list[str]) -> None:
        if not subnet_ids:
            raise refusal("MissingParameter", "The request must contain the parameter SubnetIds")
        zones: set[str] = set()
        for identifier in subnet_ids:
            subnet = self.get_subnet(identifier)
            if subnet.vpc_id != vpc_id:
                raise refusal("InvalidSubnetID.NotFound", f"The subnet '{identifier}' is not in {vpc_id}.")
            if subnet.availability_zone in zones:
                raise refusal("DuplicateSubnetsInSameZone", f"Two subnets are in {subnet.availability_zone}.")
            zones.add(subnet.availability_zone)

    def detach(self, identifier: str) -> Attachment:
        attachment = self.attachment(identifier)
        self.forget_attachment(identifier)
        return self.transit_gateway_attachments.pop(attachment.id)

    def detach_vpn_connection(self, vpn_connection_id: str) -> None:
        for one in list(self.transit_gateway_attachments.values()):
            if one.resource_id == vpn_connection_id:
                self.detach(one.id)

    def attachment_state(self, attachment: Attachment) -> str:
        """The attachment of a VPN connection exists as soon as the connection does."""
        if attachment.resource_type == "vpn":
            return str(self.vpn_connections[attachment.resource_id].state)
        return "available"

    def check_unattached(self, kind: str, identifier: str) -> None:
        """A VPC or subnet with an interface of a transit gateway in it cannot be deleted."""
        for one in self.transit_gateway_attachments.values():
            if identifier in (one.resource_id, *one.subnet_ids):
                raise dependency_violation(kind, identifier)


def _check_options(options: dict[str, Any]) -> None:
    asn = int(options["AmazonSideAsn"])
    if not (64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294):
        raise invalid_value("AmazonSideAsn", asn, "It must be a private ASN: 64512-65534 or 4200000000-4294967294.")
    for name, default in DEFAULT_OPTIONS.items():
        if default in ("enable", "disable") and options[name] not in ("enable", "disable"):
            raise invalid_value(name, options[name], "Valid values: enable, disable.")
    blocks = options.get("TransitGatewayCidrBlocks") or []
    if len(blocks) > 5:
        raise refusal("TransitGatewayCidrBlockLimitExceeded", "A transit gateway takes five CIDR blocks.")
    for block in blocks:
        network = ip_network(block)
        if network.prefixlen > (24 if network.version == 4 else 64):
            raise invalid_value("TransitGatewayCidrBlocks", block, "It must be a /24 or larger, or a /64 of IPv6.")
