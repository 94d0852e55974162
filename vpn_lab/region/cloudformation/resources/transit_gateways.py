# ruff: noqa: ARG002 -- every type has the same signatures
"""Transit gateways, as far as a Site-to-Site VPN needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    changed,
    is_gone,
    picked,
    retag,
)

OPTIONS = (
    "AmazonSideAsn",
    "AutoAcceptSharedAttachments",
    "DefaultRouteTableAssociation",
    "DefaultRouteTablePropagation",
    "DnsSupport",
    "MulticastSupport",
    "SecurityGroupReferencingSupport",
    "TransitGatewayCidrBlocks",
    "VpnEcmpSupport",
)
RELATION = ("TransitGatewayRouteTableId", "TransitGatewayAttachmentId")
ROUTE = ("TransitGatewayRouteTableId", "DestinationCidrBlock", "TransitGatewayAttachmentId", "Blackhole")


class TransitGateway(ResourceType):
    name = "AWS::EC2::TransitGateway"

    def create(self, properties: Properties, place: Place) -> str:
        made = self.ec2.create_transit_gateway(
            Options=picked(properties, *OPTIONS), **picked(properties, "Description")
        )["TransitGateway"]
        return str(made["TransitGatewayId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        found = self.ec2.describe_transit_gateways(TransitGatewayIds=[physical_id])["TransitGateways"][0]
        names = ("AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId")
        return {
            "Id": physical_id,
            "TransitGatewayArn": found["TransitGatewayArn"],
            **{name: found["Options"].get(name, "") for name in names},
        }

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        asked: dict[str, Any] = picked(new, *(name for name in OPTIONS if old.get(name) != new.get(name)))
        before, after = old.get("TransitGatewayCidrBlocks") or [], asked.pop("TransitGatewayCidrBlocks", None)
        if before != (new.get("TransitGatewayCidrBlocks") or []):
            asked["AddTransitGatewayCidrBlocks"] = [one for one in after or [] if one not in before]
            asked["RemoveTransitGatewayCidrBlocks"] = [one for one in before if one not in (after or [])]
        if asked or old.get("Description") != new.get("Description"):
            self.ec2.modify_transit_gateway(TransitGatewayId=physical_id, Options=asked, **picked(new, "Description"))
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_transit_gateway(TransitGatewayId=physical_id)


class VpcAttachment(ResourceType):
    """The attachment of a VPC to a transit gateway, by the older of CloudFormation's two types."""

    name = "AWS::EC2::TransitGatewayAttachment"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(properties, "TransitGatewayId", "VpcId", "SubnetIds", "Options")
        made = self.ec2.create_transit_gateway_vpc_attachment(**asked)["TransitGatewayVpcAttachment"]
        return str(made["TransitGatewayAttachmentId"])

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        come = [one for one in new["SubnetIds"] if one not in old["SubnetIds"]]
        gone = [one for one in old["SubnetIds"] if one not in new["SubnetIds"]]
        if come or gone or changed(old, new, "Options"):
            self.ec2.modify_transit_gateway_vpc_attachment(
                TransitGatewayAttachmentId=physical_id,
                AddSubnetIds=come,
                RemoveSubnetIds=gone,
                Options=new.get("Options") or {},
            )
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=physical_id)


class TransitGatewayVpcAttachment(VpcAttachment):
    name = "AWS::EC2::TransitGatewayVpcAttachment"


class TransitGatewayRouteTable(ResourceType):
    name = "AWS::EC2::TransitGatewayRouteTable"

    def create(self, properties: Properties, place: Place) -> str:
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=properties["TransitGatewayId"])
        return str(made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"TransitGatewayRouteTableId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=physical_id)


class TransitGatewayRouteTableAssociation(ResourceType):
    name = "AWS::EC2::TransitGatewayRouteTableAssociation"

    def create(self, properties: Properties, place: Place) -> str:
        names = picked(properties, *RELATION)
        self.ec2.associate_transit_gateway_route_table(**names)
        return "|".join(str(name) for name in names.values())

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        _without_what_is_gone(self.ec2.disassociate_transit_gateway_route_table, picked(properties, *RELATION))


class TransitGatewayRouteTablePropagation(ResourceType):
    name = "AWS::EC2::TransitGatewayRouteTablePropagation"

    def create(self, properties: Properties, place: Place) -> str:
        names = picked(properties, *RELATION)
        self.ec2.enable_transit_gateway_route_table_propagation(**names)
        return "|".join(str(name) for name in names.values())

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        _without_what_is_gone(self.ec2.disable_transit_gateway_route_table_propagation, picked(properties, *RELATION))


class TransitGatewayRoute(ResourceType):
    name = "AWS::EC2::TransitGatewayRoute"

    def create(self, properties: Properties, place: Place) -> str:
        self.ec2.create_transit_gateway_route(**picked(properties, *ROUTE))
        return f"{properties['TransitGatewayRouteTableId']}|{properties['DestinationCidrBlock']}"

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self.ec2.replace_transit_gateway_route(**picked(new, *ROUTE))

    def delete(self, physical_id: str, properties: Properties) -> None:
        names = picked(properties, "TransitGatewayRouteTableId", "DestinationCidrBlock")
        _without_what_is_gone(self.ec2.delete_transit_gateway_route, names)


def _without_what_is_gone(call: Callable[..., Any], names: dict[str, Any]) -> None:
    try:
        call(**names)
    except ClientError as problem:
        if not is_gone(problem):
            raise
