"""What a region says of transit gateways, as far as packets care; and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class TransitAttachment:
    """A VPC or a VPN connection on a transit gateway, and the route table that it is associated with, if any."""

    id: str
    kind: str
    resource_id: str
    table_id: str | None


@dataclass(frozen=True)
class TransitRoute:
    """A static route; without an attachment it is a blackhole."""

    prefix: str
    attachment_id: str | None


@dataclass(frozen=True)
class TransitTable:
    """A route table, and the attachments whose routes it learns."""

    id: str
    learns_from: tuple[str, ...]
    routes: tuple[TransitRoute, ...]


@dataclass(frozen=True)
class TransitGateway:
    id: str
    asn: int
    ecmp: bool
    attachments: tuple[TransitAttachment, ...]
    tables: tuple[TransitTable, ...]

    def of_kind(self, kind: str) -> list[TransitAttachment]:
        """The attachments that are VPCs, or VPN connections."""
        return [one for one in self.attachments if one.kind == kind]


def transit_gateways(ec2: Any) -> dict[str, TransitGateway]:
    """Read all transit gateways by their id."""
    found = {}
    for entry in ec2.describe_transit_gateways()["TransitGateways"]:
        identifier = entry["TransitGatewayId"]
        mine = [{"Name": "transit-gateway-id", "Values": [identifier]}]
        attachments = ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]
        tables = ec2.describe_transit_gateway_route_tables(Filters=mine)["TransitGatewayRouteTables"]
        options = entry["Options"]
        found[identifier] = TransitGateway(
            identifier,
            int(options["AmazonSideAsn"]),
            options.get("VpnEcmpSupport") == "enable",
            tuple(_attachment(one) for one in attachments if one["State"] == "available"),
            tuple(_table(ec2, one["TransitGatewayRouteTableId"]) for one in tables),
        )
    return found


def _attachment(entry: Entry) -> TransitAttachment:
    table = (entry.get("Association") or {}).get("TransitGatewayRouteTableId")
    return TransitAttachment(entry["TransitGatewayAttachmentId"], entry["ResourceType"], entry["ResourceId"], table)


def _table(ec2: Any, identifier: str) -> TransitTable:
    named = {"TransitGatewayRouteTableId": identifier}
    learned = ec2.get_transit_gateway_route_table_propagations(**named)["TransitGatewayRouteTablePropagations"]
    static = [{"Name": "type", "Values": ["static"]}]
    routes = ec2.search_transit_gateway_routes(**named, Filters=static)["Routes"]
    return TransitTable(
        identifier,
        tuple(one["TransitGatewayAttachmentId"] for one in learned),
        tuple(
            TransitRoute(
                one["DestinationCidrBlock"],
                next((end["TransitGatewayAttachmentId"] for end in one.get("TransitGatewayAttachments", [])), None),
            )
            for one in routes
        ),
    )
