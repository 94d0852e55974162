# ruff: noqa: ARG002 -- every type has the same signatures
"""Route tables, their routes, and the subnets that use them."""

from __future__ import annotations

from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, picked, retag

TARGETS = (
    "CarrierGatewayId",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


class RouteTable(ResourceType):
    name = "AWS::EC2::RouteTable"

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.ec2.create_route_table(VpcId=properties["VpcId"])["RouteTable"]["RouteTableId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"RouteTableId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_route_table(RouteTableId=physical_id)


class Route(ResourceType):
    name = "AWS::EC2::Route"

    def create(self, properties: Properties, place: Place) -> str:
        self.ec2.create_route(**picked(properties, "RouteTableId", *DESTINATIONS, *TARGETS))
        return f"{properties['RouteTableId']}|{self._destination(properties)}"

    def _destination(self, properties: Properties) -> str:
        return str(next(iter(picked(properties, *DESTINATIONS).values())))

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"CidrBlock": self._destination(properties)}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self.ec2.replace_route(**picked(new, "RouteTableId", *DESTINATIONS, *TARGETS))

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_route(**picked(properties, "RouteTableId", *DESTINATIONS))


class SubnetRouteTableAssociation(ResourceType):
    name = "AWS::EC2::SubnetRouteTableAssociation"

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.ec2.associate_route_table(**picked(properties, "SubnetId", "RouteTableId"))["AssociationId"])

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.disassociate_route_table(AssociationId=physical_id)
