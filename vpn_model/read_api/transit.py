"""Transit gateways with their attachments and route tables, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Iterable

from vpn_model.read_api.calls import Calls, Entry, filters, name_of
from vpn_model.read_api.scope import Question, Scope, described
from vpn_model.transit import TransitAttachment, TransitGateway, TransitRoute, TransitTable

GATEWAY = Question(
    "describe_transit_gateways", "TransitGateways", "TransitGateway", "TransitGatewayId", "transit-gateway-id"
)
ENDED = frozenset({"deleted", "deleting", "failed", "rejected"})
# a search needs a filter: together these are all routes
ROUTES = {"state": ("active", "blackhole")}


def transit_gateways(calls: Calls, scope: Scope, used: Iterable[str]) -> dict[str, TransitGateway]:
    """The gateways that connections use, and those that a stack made; or all."""
    made = scope.of_type("TransitGateway")
    entries = described(calls, GATEWAY, None if made is None else (*made, *used))
    return {one["TransitGatewayId"]: _gateway(calls, one) for one in entries if one["State"] not in ENDED}


def _gateway(calls: Calls, entry: Entry) -> TransitGateway:
    identifier, options = entry["TransitGatewayId"], entry["Options"]
    mine = filters({"transit-gateway-id": [identifier]})
    vpcs = {
        one["TransitGatewayAttachmentId"]: one
        for one in calls.pages("describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments", **mine)
    }
    attachments = calls.pages("describe_transit_gateway_attachments", "TransitGatewayAttachments", **mine)
    tables = calls.pages("describe_transit_gateway_route_tables", "TransitGatewayRouteTables", **mine)
    return TransitGateway(
        id=identifier,
        name=name_of(entry),
        asn=int(options["AmazonSideAsn"]),
        ecmp=options.get("VpnEcmpSupport") == "enable",
        attachments=tuple(_attachment(one, vpcs) for one in attachments if one["State"] not in ENDED),
        tables=tuple(_table(calls, one) for one in tables if one["State"] not in ENDED),
        default_association=options.get("DefaultRouteTableAssociation") == "enable",
        default_propagation=options.get("DefaultRouteTablePropagation") == "enable",
        default_association_table_id=options.get("AssociationDefaultRouteTableId"),
        default_propagation_table_id=options.get("PropagationDefaultRouteTableId"),
        state=entry["State"],
    )


def _attachment(entry: Entry, vpcs: dict[str, Entry]) -> TransitAttachment:
    vpc = vpcs.get(entry["TransitGatewayAttachmentId"], {})
    return TransitAttachment(
        id=entry["TransitGatewayAttachmentId"],
        name=name_of(entry),
        kind=entry["ResourceType"],
        resource_id=entry["ResourceId"],
        table_id=(entry.get("Association") or {}).get("TransitGatewayRouteTableId"),
        subnet_ids=tuple(vpc.get("SubnetIds") or ()),
        appliance_mode=(vpc.get("Options") or {}).get("ApplianceModeSupport") == "enable",
        state=entry["State"],
    )


def _table(calls: Calls, entry: Entry) -> TransitTable:
    identifier = entry["TransitGatewayRouteTableId"]
    learned = calls.pages(
        "get_transit_gateway_route_table_propagations",
        "TransitGatewayRouteTablePropagations",
        TransitGatewayRouteTableId=identifier,
    )
    routes = calls.pages(
        "search_transit_gateway_routes", "Routes", TransitGatewayRouteTableId=identifier, **filters(ROUTES)
    )
    return TransitTable(
        id=identifier,
        name=name_of(entry),
        propagating_attachment_ids=tuple(
            one["TransitGatewayAttachmentId"] for one in learned if one.get("State") != "disabled"
        ),
        routes=tuple(
            TransitRoute(
                destination=one.get("DestinationCidrBlock") or one.get("PrefixListId", ""),
                attachment_ids=tuple(
                    end["TransitGatewayAttachmentId"] for end in one.get("TransitGatewayAttachments") or ()
                ),
                origin="propagated" if one.get("Type") == "propagated" else "static",
                state=one["State"],
            )
            for one in routes
        ),
    )
