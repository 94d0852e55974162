"""Transit gateways of a template, with the attachments that come with VPN connections and the default route table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from vpn_model.connection import VpnConnection
from vpn_model.gateways import DEFAULT_AMAZON_SIDE_ASN
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.template import Template
from vpn_model.read_template.vpcs import chosen
from vpn_model.transit import TransitAttachment, TransitGateway, TransitRoute, TransitTable
from vpn_model.unknown import Text
from vpn_model.vpc import Vpc

VPC_ATTACHMENTS = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
TABLE = "AWS::EC2::TransitGatewayRouteTable"


class _Relations:
    """Which attachment is associated with which table, and which propagates into which."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._lookups = dict(_lookups(template))
        self.tables_of: dict[str, list[str]] = {}
        """Attachment → the tables that it is associated with: at most one."""
        self.propagating: dict[str, list[str]] = {}
        """Table → attachments."""
        self.routes: dict[str, list[TransitRoute]] = {}
        """Table → static routes."""
        for fields in self._all(f"{TABLE}Association"):
            self.tables_of.setdefault(self._attachment(fields), []).append(fields.id("TransitGatewayRouteTableId"))
        for fields in self._all(f"{TABLE}Propagation"):
            self.propagating.setdefault(fields.id("TransitGatewayRouteTableId"), []).append(self._attachment(fields))
        for fields in self._all("AWS::EC2::TransitGatewayRoute"):
            blackhole = fields.flag("Blackhole", False) is True
            ends = () if blackhole else (self._attachment(fields),)
            state = "blackhole" if blackhole else "active"
            route = TransitRoute(fields.text("DestinationCidrBlock"), ends, "static", state)
            self.routes.setdefault(fields.id("TransitGatewayRouteTableId"), []).append(route)

    def _all(self, kind: str) -> Iterator[Fields]:
        return map(self._template.fields, self._template.of_type(kind))

    def _attachment(self, fields: Fields) -> str:
        identifier = fields.id("TransitGatewayAttachmentId")
        return self._lookups.get(identifier.removeprefix("${").split(".")[0], identifier)


def _lookups(template: Template) -> Iterator[tuple[str, str]]:
    """Custom resources that look up the attachment of a VPN connection: those that name one connection.

    CloudFormation does not return the id of such an attachment, so a template must ask a custom resource for it.
    """
    for resource in template:
        if not resource.type.startswith("AWS::") or resource.type == "AWS::CloudFormation::CustomResource":
            named = {one.logical_id: one.type for one in template.targets_within(dict(resource.properties))}
            connections = [name for name, kind in named.items() if kind == "AWS::EC2::VPNConnection"]
            if len(connections) == 1:
                yield resource.logical_id, attachment_of(connections[0])


def attachment_of(connection: str) -> str:
    """The id of the attachment that comes with a VPN connection."""
    return f"{connection}.TransitAttachment"


def transit_gateways(
    template: Template, vpcs: Mapping[str, Vpc], connections: Mapping[str, VpnConnection]
) -> dict[str, TransitGateway]:
    """All transit gateways: those of the template, and those of others that it attaches something to."""
    relations = _Relations(template)
    attachments: dict[str, list[TransitAttachment]] = {}
    for gateway, attachment in (*_vpc_attachments(template), *_vpn_attachments(connections)):
        attachments.setdefault(gateway, []).append(attachment)
    tables: dict[str, dict[str, str]] = {}
    for resource in template.of_type(TABLE):
        mine = tables.setdefault(template.fields(resource).id("TransitGatewayId"), {})
        mine[resource.logical_id] = template.tag_name(resource)
    found = {}
    for resource in template.of_type("AWS::EC2::TransitGateway"):
        identifier, fields = resource.logical_id, template.fields(resource)
        found[identifier] = TransitGateway(
            id=identifier,
            name=template.tag_name(resource),
            asn=fields.number("AmazonSideAsn", DEFAULT_AMAZON_SIDE_ASN),
            ecmp=fields.switch("VpnEcmpSupport", True),
            default_association=fields.switch("DefaultRouteTableAssociation", True),
            default_propagation=fields.switch("DefaultRouteTablePropagation", True),
        )
    for name in {*attachments, *tables} - found.keys():
        found[name] = TransitGateway(name, "", chosen(name, "AmazonSideAsn"), chosen(name, "VpnEcmpSupport"))
    blocks = _blocks(vpcs, connections)
    return {
        name: _complete(gateway, attachments.get(name, []), tables.get(name, {}), relations, blocks)
        for name, gateway in found.items()
    }


def _vpc_attachments(template: Template) -> Iterator[tuple[str, TransitAttachment]]:
    for resource in template.of_type(*VPC_ATTACHMENTS):
        fields = template.fields(resource)
        yield (
            fields.id("TransitGatewayId"),
            TransitAttachment(
                id=resource.logical_id,
                name=template.tag_name(resource),
                kind="vpc",
                resource_id=fields.id("VpcId"),
                table_id=None,
                subnet_ids=fields.ids("SubnetIds"),
                appliance_mode=fields.inner("Options").switch("ApplianceModeSupport", False),
            ),
        )


def _vpn_attachments(connections: Mapping[str, VpnConnection]) -> Iterator[tuple[str, TransitAttachment]]:
    for one in connections.values():
        if one.transit_gateway_id:
            yield one.transit_gateway_id, TransitAttachment(attachment_of(one.id), one.name, "vpn", one.id, None)


def _blocks(vpcs: Mapping[str, Vpc], connections: Mapping[str, VpnConnection]) -> dict[str, tuple[Text, ...]]:
    """What each attached thing propagates, as far as a template contains it: BGP routes are not in it."""
    return {name: (*vpc.cidrs, *vpc.ipv6_cidrs) for name, vpc in vpcs.items()} | {
        name: tuple(route.destination for route in connection.static_routes) for name, connection in connections.items()
    }


def _complete(
    gateway: TransitGateway,
    attachments: list[TransitAttachment],
    tables: Mapping[str, str],
    relations: _Relations,
    blocks: Mapping[str, tuple[Text, ...]],
) -> TransitGateway:
    default = f"{gateway.id}.DefaultRouteTable"
    association = default if gateway.default_association is True else None
    propagation = default if gateway.default_propagation is True else None
    placed = [
        replace(one, table_id=next(iter(relations.tables_of.get(one.id, ())), association)) for one in attachments
    ]
    names = {default: ""} | dict(tables) if association or propagation else dict(tables)
    everyone = [one.id for one in placed]
    made = []
    for table, name in names.items():
        learns = [*(everyone if table == propagation else ()), *relations.propagating.get(table, ())]
        learned = (
            TransitRoute(block, (one.id,), "propagated")
            for one in placed
            if one.id in learns
            for block in blocks.get(one.resource_id, ())
        )
        static = relations.routes.get(table, [])
        taken = {route.destination for route in static}
        routes = (*static, *(route for route in learned if route.destination not in taken))
        made.append(TransitTable(table, name, tuple(dict.fromkeys(learns)), routes))
    return replace(
        gateway,
        attachments=tuple(placed),
        tables=tuple(made),
        default_association_table_id=association,
        default_propagation_table_id=propagation,
    )
