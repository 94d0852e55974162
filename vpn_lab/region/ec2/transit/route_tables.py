"""The route tables of transit gateways: their associations, propagations and resulting routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.utils import random_transit_gateway_route_table_id

from vpn_lab.region.ec2.errors import invalid_value, refusal
from vpn_lab.region.ec2.transit.gateways import Attachment, RegionTransitGateway, TransitGateways

ROUTE_TABLE_QUOTA = 20


@dataclass
class TransitGatewayRouteTable:
    id: str
    transit_gateway_id: str
    is_default: bool = False
    associations: list[str] = field(default_factory=list)
    """Attachments whose traffic the table routes."""
    propagations: list[str] = field(default_factory=list)
    """Attachments whose routes the table learns."""
    static: dict[str, str | None] = field(default_factory=dict)
    """Destination → attachment; None for a blackhole."""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class TransitRoute:
    destination: str
    kind: str
    attachments: tuple[Attachment, ...]
    """The attachments: several for equal paths, none for a blackhole."""


class TransitGatewayTables(TransitGateways, EC2Backend):
    transit_tables: dict[str, TransitGatewayRouteTable]

    def make_default_route_table(self, gateway: RegionTransitGateway) -> None:
        for kind in ("Association", "Propagation"):
            if gateway.enabled(f"DefaultRouteTable{kind}"):
                table = self._default_table(gateway) or self._add_table(gateway.id, is_default=True)
                gateway.options[f"{kind}DefaultRouteTableId"] = table.id

    def _default_table(self, gateway: RegionTransitGateway) -> TransitGatewayRouteTable | None:
        return next((one for one in self.tables_of(gateway.id) if one.is_default), None)

    def tables_of(self, transit_gateway_id: str) -> list[TransitGatewayRouteTable]:
        return [one for one in self.transit_tables.values() if one.transit_gateway_id == transit_gateway_id]

    def _add_table(self, transit_gateway_id: str, *, is_default: bool) -> TransitGatewayRouteTable:
        table = TransitGatewayRouteTable(random_transit_gateway_route_table_id(), transit_gateway_id, is_default)
        self.transit_tables[table.id] = table
        return table

    def open_transit_table(self, transit_gateway_id: str) -> TransitGatewayRouteTable:
        self.transit_gateway(transit_gateway_id)
        if len(self.tables_of(transit_gateway_id)) >= ROUTE_TABLE_QUOTA:
            message = f"{transit_gateway_id} has {ROUTE_TABLE_QUOTA} route tables, which is the maximum."
            raise refusal("TransitGatewayRouteTableLimitExceeded", message)
        return self._add_table(transit_gateway_id, is_default=False)

    def transit_table(self, identifier: str) -> TransitGatewayRouteTable:
        if identifier not in self.transit_tables:
            message = f"Transit Gateway Route Table {identifier} was deleted or does not exist."
            raise refusal("InvalidRouteTableID.NotFound", message)
        return self.transit_tables[identifier]

    def close_transit_table(self, identifier: str) -> TransitGatewayRouteTable:
        table = self.transit_table(identifier)
        if table.associations:
            raise refusal("IncorrectState", f"{identifier} has associations.")
        return self.transit_tables.pop(identifier)

    def close_transit_gateway(self, identifier: str) -> RegionTransitGateway:
        gateway = super().close_transit_gateway(identifier)
        for table in self.tables_of(identifier):
            del self.transit_tables[table.id]
        return gateway

    def settle_attachment(self, attachment: Attachment) -> None:
        options = self.transit_gateway(attachment.transit_gateway_id).options
        if options["DefaultRouteTableAssociation"] == "enable":
            self.transit_tables[options["AssociationDefaultRouteTableId"]].associations.append(attachment.id)
        if options["DefaultRouteTablePropagation"] == "enable":
            self.transit_tables[options["PropagationDefaultRouteTableId"]].propagations.append(attachment.id)

    def forget_attachment(self, attachment_id: str) -> None:
        """Static routes to the attachment stay as blackholes."""
        for table in self.transit_tables.values():
            for attachments in (table.associations, table.propagations):
                if attachment_id in attachments:
                    attachments.remove(attachment_id)

    def association(self, attachment_id: str) -> TransitGatewayRouteTable | None:
        return next((one for one in self.transit_tables.values() if attachment_id in one.associations), None)

    def _both(self, table_id: str, attachment_id: str) -> tuple[TransitGatewayRouteTable, Attachment]:
        table, attachment = self.transit_table(table_id), self.attachment(attachment_id)
        if table.transit_gateway_id != attachment.transit_gateway_id:
            message = f"{table_id} and {attachment_id} belong to different transit gateways."
            raise refusal("InvalidParameterValue", message)
        if self.attachment_state(attachment) != "available":
            raise refusal("IncorrectState", f"{attachment_id} is in invalid state")
        return table, attachment

    def associate_transit_table(self, table_id: str, attachment_id: str) -> Attachment:
        table, attachment = self._both(table_id, attachment_id)
        if self.association(attachment_id) is not None:
            message = f"Transit Gateway Attachment {attachment_id} is already associated to a route table."
            raise refusal("Resource.AlreadyAssociated", message)
        table.associations.append(attachment_id)
        return attachment

    def disassociate_transit_table(self, table_id: str, attachment_id: str) -> Attachment:
        table, attachment = self.transit_table(table_id), self.attachment(attachment_id)
        if attachment_id not in table.associations:
            raise refusal("InvalidAssociation.NotFound", f"{attachment_id} is not associated with {table_id}.")
        table.associations.remove(attachment_id)
        return attachment

    def propagate_to_transit_table(self, table_id: str, attachment_id: str) -> Attachment:
        table, attachment = self._both(table_id, attachment_id)
        if attachment_id in table.propagations:
            message = f"Propagation {attachment_id} already exists in Transit Gateway Route Table {table_id}."
            raise refusal("TransitGatewayRouteTablePropagation.Duplicate", message)
        table.propagations.append(attachment_id)
        return attachment

    def stop_propagation(self, table_id: str, attachment_id: str) -> Attachment:
        table, attachment = self.transit_table(table_id), self.attachment(attachment_id)
        if attachment_id not in table.propagations:
            message = f"Propagation {attachment_id} does not exist in Transit Gateway Route Table {table_id}."
            raise refusal("TransitGatewayRouteTablePropagation.NotFound", message)
        table.propagations.remove(attachment_id)
        return attachment

    def set_transit_route(
        self, table_id: str, destination: str, attachment_id: str | None, *, blackhole: bool, replaces: bool
    ) -> TransitRoute:
        table = self.transit_table(table_id)
        if blackhole == (attachment_id is not None):
            raise refusal(
                "InvalidParameterCombination", "Require that a route either has an attachment or is a blackhole."
            )
        try:
            ip_network(destination)
        except ValueError as problem:
            raise invalid_value("destinationCidrBlock", destination, f"{problem}.") from None
        if attachment_id is not None:
            self._both(table_id, attachment_id)
        if (destination in table.static) != replaces:
            code, word = ("InvalidRoute.NotFound", "no") if replaces else ("RouteAlreadyExists", "already a")
            raise refusal(code, f"There is {word} static route {destination} in {table_id}.")
        table.static[destination] = attachment_id
        return next(one for one in self.transit_routes(table) if one.destination == destination)

    def remove_transit_route(self, table_id: str, destination: str) -> TransitRoute:
        table = self.transit_table(table_id)
        if destination not in table.static:
            raise refusal("InvalidRoute.NotFound", f"There is no static route {destination} in {table_id}.")
        removed = next(one for one in self.transit_routes(table) if one.destination == destination)
        del table.static[destination]
        return removed

    def transit_routes(self, table: TransitGatewayRouteTable) -> list[TransitRoute]:
        """The routes of a table: static routes take precedence over learned ones, VPCs over VPN connections."""
        routes = {
            destination: TransitRoute(destination, "static", self._living(attachment_id))
            for destination, attachment_id in table.static.items()
        }
        for destination, attachment in self._learned(table):
            known = routes.get(destination)
            if known is None:
                routes[destination] = TransitRoute(destination, "propagated", (attachment,))
            elif known.kind == "propagated" and self._equal(table, known.attachments[0], attachment):
                routes[destination] = TransitRoute(destination, "propagated", (*known.attachments, attachment))
        return sorted(routes.values(), key=lambda route: _order(route.destination))

    def _living(self, attachment_id: str | None) -> tuple[Attachment, ...]:
        found = self.transit_gateway_attachments.get(attachment_id or "")
        return (found,) if found else ()

    def _learned(self, table: TransitGatewayRouteTable) -> Iterator[tuple[str, Attachment]]:
        attachments = [self.attachment(identifier) for identifier in table.propagations]
        for attachment in sorted(attachments, key=lambda one: one.resource_type):
            if attachment.resource_type == "vpc":
                for one in self.get_vpc(attachment.resource_id).get_cidr_block_association_set():
                    yield one["cidr_block"], attachment
                continue
            connection: Any = self.vpn_connections[attachment.resource_id]
            # a static connection has nothing to propagate to a transit gateway
            for prefix in () if connection.static_routes_only else connection.reachable_prefixes:
                yield prefix, attachment

    def _equal(self, table: TransitGatewayRouteTable, one: Attachment, other: Attachment) -> bool:
        ecmp = self.transit_gateway(table.transit_gateway_id).enabled("VpnEcmpSupport")
        return ecmp and one.resource_type == other.resource_type == "vpn"


def _order(destination: str) -> tuple[int, Any]:
    network: IPv4Network | IPv6Network = ip_network(destination)
    return network.version, network
