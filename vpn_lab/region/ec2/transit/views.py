"""The API's view of transit gateways, and the filters that it supports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from moto.ec2.responses import EC2Response

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.transit.gateways import Attachment, RegionTransitGateway
from vpn_lab.region.ec2.transit.route_tables import TransitGatewayRouteTable, TransitRoute

Shown = dict[str, Any]


class TransitGatewayViews(EC2Response):
    def _tags(self, identifier: str) -> list[dict[str, str]]:
        tags = self.ec2_backend.describe_tags(filters={"resource-id": [identifier]})
        return [{"Key": tag["key"], "Value": tag["value"]} for tag in tags]

    def _gateway(self, gateway: RegionTransitGateway) -> Shown:
        account, region = self.ec2_backend.account_id, self.ec2_backend.region_name
        return {
            "TransitGatewayId": gateway.id,
            "TransitGatewayArn": f"arn:aws:ec2:{region}:{account}:transit-gateway/{gateway.id}",
            "State": "available",
            "OwnerId": account,
            "Description": gateway.description,
            "CreationTime": gateway.created,
            "Options": {**gateway.options, "AmazonSideAsn": int(gateway.options["AmazonSideAsn"])},
            "Tags": self._tags(gateway.id),
        }

    def _attachment(self, attachment: Attachment) -> Shown:
        table = self.ec2_backend.association(attachment.id)
        shown = {
            "TransitGatewayAttachmentId": attachment.id,
            "TransitGatewayId": attachment.transit_gateway_id,
            "TransitGatewayOwnerId": self.ec2_backend.account_id,
            "ResourceOwnerId": self.ec2_backend.account_id,
            "ResourceType": attachment.resource_type,
            "ResourceId": attachment.resource_id,
            "State": self.ec2_backend.attachment_state(attachment),
            "CreationTime": attachment.created,
            "Tags": self._tags(attachment.id),
        }
        if table is not None:
            shown["Association"] = {"TransitGatewayRouteTableId": table.id, "State": "associated"}
        return shown

    def _vpc_attachment(self, attachment: Attachment) -> Shown:
        return {
            "TransitGatewayAttachmentId": attachment.id,
            "TransitGatewayId": attachment.transit_gateway_id,
            "VpcId": attachment.resource_id,
            "VpcOwnerId": self.ec2_backend.account_id,
            "State": "available",
            "SubnetIds": attachment.subnet_ids,
            "CreationTime": attachment.created,
            "Options": attachment.options,
            "Tags": self._tags(attachment.id),
        }

    def _table(self, table: TransitGatewayRouteTable) -> Shown:
        gateway = self.ec2_backend.transit_gateways.get(table.transit_gateway_id)
        options = gateway.options if gateway else {}
        return {
            "TransitGatewayRouteTableId": table.id,
            "TransitGatewayId": table.transit_gateway_id,
            "State": "available",
            "DefaultAssociationRouteTable": options.get("AssociationDefaultRouteTableId") == table.id,
            "DefaultPropagationRouteTable": options.get("PropagationDefaultRouteTableId") == table.id,
            "CreationTime": table.created,
            "Tags": self._tags(table.id),
        }

    def _end(self, attachment_id: str) -> Shown:
        attachment = self.ec2_backend.attachment(attachment_id)
        return {
            "TransitGatewayAttachmentId": attachment_id,
            "ResourceId": attachment.resource_id,
            "ResourceType": attachment.resource_type,
        }


ATTACHMENT_FILTERS = {
    "transit-gateway-attachment-id": "TransitGatewayAttachmentId",
    "transit-gateway-id": "TransitGatewayId",
    "resource-id": "ResourceId",
    "resource-type": "ResourceType",
    "state": "State",
}
ROUTE_FILTERS: dict[str, Callable[[TransitRoute, str], bool]] = {
    "type": lambda route, value: route.kind == value,
    "state": lambda route, value: _state(route) == value,
    "attachment.transit-gateway-attachment-id": lambda route, value: value in [one.id for one in route.attachments],
    "attachment.resource-id": lambda route, value: value in [one.resource_id for one in route.attachments],
    "attachment.resource-type": lambda route, value: value in [one.resource_type for one in route.attachments],
    "route-search.exact-match": lambda route, value: ip_network(route.destination) == ip_network(value),
}


def _state(route: TransitRoute) -> str:
    return "active" if route.attachments else "blackhole"


def show_route(route: TransitRoute) -> Shown:
    return {
        "DestinationCidrBlock": route.destination,
        "Type": route.kind,
        "State": _state(route),
        "TransitGatewayAttachments": [
            {
                "TransitGatewayAttachmentId": one.id,
                "ResourceId": one.resource_id,
                "ResourceType": one.resource_type,
            }
            for one in route.attachments
        ],
    }


def filtered(shown: Iterable[Shown], filters: Mapping[str, Any], members: Mapping[str, str]) -> list[Shown]:
    """Those that match every filter; ``members`` maps a filter to the member that it compares."""
    found = list(shown)
    for name, values in filters.items():
        if name.startswith("tag:"):
            asked = [{"Key": name.removeprefix("tag:"), "Value": value} for value in values]
            found = [one for one in found if any(tag in asked for tag in one["Tags"])]
        elif name in members:
            found = [one for one in found if str(one[members[name]]).lower() in values]
        else:
            raise refusal("InvalidParameterValue", f"The filter '{name}' is invalid")
    return found


def filtered_routes(routes: list[TransitRoute], filters: Mapping[str, Any]) -> list[TransitRoute]:
    """SearchTransitGatewayRoutes must be asked with a filter."""
    if not filters:
        raise refusal("MissingParameter", "The request must contain the parameter Filters")
    for name, values in filters.items():
        if name not in ROUTE_FILTERS:
            raise refusal("InvalidParameterValue", f"The filter '{name}' is invalid")
        routes = [one for one in routes if any(ROUTE_FILTERS[name](one, value) for value in values)]
    return routes
