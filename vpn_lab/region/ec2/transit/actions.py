"""The actions of transit gateways."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.transit.gateways import Attachment
from vpn_lab.region.ec2.transit.views import (
    ATTACHMENT_FILTERS,
    Shown,
    TransitGatewayViews,
    filtered,
    filtered_routes,
    show_route,
)


class TransitGatewayActions(TransitGatewayViews, EC2Response):
    def create_transit_gateway(self) -> ActionResult:
        options, description = self._get_param("Options", {}), self._get_param("Description") or ""
        gateway = self.ec2_backend.open_transit_gateway(dict(options), description)
        return ActionResult({"TransitGateway": self._gateway(self._tagged(gateway))})

    def modify_transit_gateway(self) -> ActionResult:
        backend = self.ec2_backend
        options = dict(self._get_param("Options", {}))
        gateway = backend.change_transit_gateway(self._get_param("TransitGatewayId"), options)
        gateway.description = self._get_param("Description") or gateway.description
        return ActionResult({"TransitGateway": self._gateway(gateway)})

    def delete_transit_gateway(self) -> ActionResult:
        closed = self.ec2_backend.close_transit_gateway(self._get_param("TransitGatewayId"))
        return ActionResult({"TransitGateway": {**self._gateway(closed), "State": "deleted"}})

    def describe_transit_gateways(self) -> ActionResult:
        found = self._found("TransitGatewayIds", self.ec2_backend.transit_gateways, self.ec2_backend.transit_gateway)
        names = {"transit-gateway-id": "TransitGatewayId", "state": "State"}
        return ActionResult({"TransitGateways": self._passing(map(self._gateway, found), names)})

    def create_transit_gateway_vpc_attachment(self) -> ActionResult:
        asked = (self._get_param("TransitGatewayId"), self._get_param("VpcId"), self._get_param("SubnetIds", []))
        made = self.ec2_backend.attach_vpc(*asked, dict(self._get_param("Options", {})))
        return ActionResult({"TransitGatewayVpcAttachment": self._vpc_attachment(self._tagged(made))})

    def modify_transit_gateway_vpc_attachment(self) -> ActionResult:
        changed = self.ec2_backend.change_vpc_attachment(
            self._get_param("TransitGatewayAttachmentId"),
            self._get_param("AddSubnetIds", []),
            self._get_param("RemoveSubnetIds", []),
            dict(self._get_param("Options", {})),
        )
        return ActionResult({"TransitGatewayVpcAttachment": self._vpc_attachment(changed)})

    def delete_transit_gateway_vpc_attachment(self) -> ActionResult:
        identifier = self._get_param("TransitGatewayAttachmentId")
        if self.ec2_backend.attachment(identifier).resource_type != "vpc":
            raise refusal("InvalidParameterValue", f"{identifier} is not a VPC attachment.")
        shown = self._vpc_attachment(self.ec2_backend.detach(identifier))
        return ActionResult({"TransitGatewayVpcAttachment": {**shown, "State": "deleted"}})

    def describe_transit_gateway_vpc_attachments(self) -> ActionResult:
        shown = [self._vpc_attachment(one) for one in self._attachments() if one.resource_type == "vpc"]
        names = {"vpc-id": "VpcId", **ATTACHMENT_FILTERS}
        return ActionResult({"TransitGatewayVpcAttachments": self._passing(shown, names)})

    def describe_transit_gateway_attachments(self) -> ActionResult:
        shown = map(self._attachment, self._attachments())
        return ActionResult({"TransitGatewayAttachments": self._passing(shown, ATTACHMENT_FILTERS)})

    def create_transit_gateway_route_table(self) -> ActionResult:
        table = self.ec2_backend.open_transit_table(self._get_param("TransitGatewayId"))
        return ActionResult({"TransitGatewayRouteTable": self._table(self._tagged(table))})

    def delete_transit_gateway_route_table(self) -> ActionResult:
        closed = self.ec2_backend.close_transit_table(self._get_param("TransitGatewayRouteTableId"))
        return ActionResult({"TransitGatewayRouteTable": {**self._table(closed), "State": "deleted"}})

    def describe_transit_gateway_route_tables(self) -> ActionResult:
        backend = self.ec2_backend
        found = self._found("TransitGatewayRouteTableIds", backend.transit_tables, backend.transit_table)
        names = {
            "transit-gateway-id": "TransitGatewayId",
            "transit-gateway-route-table-id": "TransitGatewayRouteTableId",
            "default-association-route-table": "DefaultAssociationRouteTable",
            "default-propagation-route-table": "DefaultPropagationRouteTable",
            "state": "State",
        }
        return ActionResult({"TransitGatewayRouteTables": self._passing(map(self._table, found), names)})

    def associate_transit_gateway_route_table(self) -> ActionResult:
        return self._related("Association", self.ec2_backend.associate_transit_table, "associated")

    def disassociate_transit_gateway_route_table(self) -> ActionResult:
        return self._related("Association", self.ec2_backend.disassociate_transit_table, "disassociated")

    def enable_transit_gateway_route_table_propagation(self) -> ActionResult:
        return self._related("Propagation", self.ec2_backend.propagate_to_transit_table, "enabled")

    def disable_transit_gateway_route_table_propagation(self) -> ActionResult:
        return self._related("Propagation", self.ec2_backend.stop_propagation, "disabled")

    def get_transit_gateway_route_table_associations(self) -> ActionResult:
        table = self.ec2_backend.transit_table(self._get_param("TransitGatewayRouteTableId"))
        shown = [{**self._end(one), "State": "associated"} for one in table.associations]
        return ActionResult({"Associations": self._passing(shown, ATTACHMENT_FILTERS)})

    def get_transit_gateway_route_table_propagations(self) -> ActionResult:
        table = self.ec2_backend.transit_table(self._get_param("TransitGatewayRouteTableId"))
        shown = [{**self._end(one), "State": "enabled"} for one in table.propagations]
        return ActionResult({"TransitGatewayRouteTablePropagations": self._passing(shown, ATTACHMENT_FILTERS)})

    def get_transit_gateway_attachment_propagations(self) -> ActionResult:
        identifier = self.ec2_backend.attachment(self._get_param("TransitGatewayAttachmentId")).id
        tables = [one.id for one in self.ec2_backend.transit_tables.values() if identifier in one.propagations]
        shown = [{"TransitGatewayRouteTableId": one, "State": "enabled"} for one in tables]
        return ActionResult({"TransitGatewayAttachmentPropagations": shown})

    def create_transit_gateway_route(self) -> ActionResult:
        return self._set_route(replaces=False)

    def replace_transit_gateway_route(self) -> ActionResult:
        return self._set_route(replaces=True)

    def delete_transit_gateway_route(self) -> ActionResult:
        removed = self.ec2_backend.remove_transit_route(
            self._get_param("TransitGatewayRouteTableId"), self._get_param("DestinationCidrBlock")
        )
        return ActionResult({"Route": {**show_route(removed), "State": "deleted"}})

    def search_transit_gateway_routes(self) -> ActionResult:
        table = self.ec2_backend.transit_table(self._get_param("TransitGatewayRouteTableId"))
        routes = filtered_routes(self.ec2_backend.transit_routes(table), self._filters_from_querystring())
        return ActionResult({"Routes": [show_route(one) for one in routes], "AdditionalRoutesAvailable": False})

    def _set_route(self, *, replaces: bool) -> ActionResult:
        route = self.ec2_backend.set_transit_route(
            self._get_param("TransitGatewayRouteTableId"),
            self._get_param("DestinationCidrBlock"),
            self._get_param("TransitGatewayAttachmentId"),
            blackhole=str(self._get_param("Blackhole")).lower() == "true",
            replaces=replaces,
        )
        return ActionResult({"Route": show_route(route)})

    def _related(self, member: str, change: Callable[[str, str], Attachment], state: str) -> ActionResult:
        table = self._get_param("TransitGatewayRouteTableId")
        attachment = change(table, self._get_param("TransitGatewayAttachmentId"))
        ends = {**self._end(attachment.id), "TransitGatewayRouteTableId": table}
        return ActionResult({member: {**ends, "State": state}})

    def _tagged(self, made: Any) -> Any:
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        if tags:
            self.ec2_backend.create_tags([made.id], tags)
        return made

    def _found(self, parameter: str, everything: Iterable[str], find: Callable[[str], Any]) -> list[Any]:
        return [find(identifier) for identifier in self._get_param(parameter, []) or list(everything)]

    def _attachments(self) -> list[Attachment]:
        backend = self.ec2_backend
        return self._found("TransitGatewayAttachmentIds", backend.transit_gateway_attachments, backend.attachment)

    def _passing(self, shown: Iterable[Shown], members: dict[str, str]) -> list[Shown]:
        return filtered(shown, self._filters_from_querystring(), members)
