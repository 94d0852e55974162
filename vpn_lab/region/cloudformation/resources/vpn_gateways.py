# ruff: noqa: ARG002 -- every type has the same signatures
"""The two ends of a connection: virtual private gateways and customer gateways; and route propagation."""

from __future__ import annotations

from botocore.exceptions import ClientError

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    is_gone,
    picked,
    retag,
)


class VpnGateway(ResourceType):
    name = "AWS::EC2::VPNGateway"

    def create(self, properties: Properties, place: Place) -> str:
        made = self.ec2.create_vpn_gateway(**picked(properties, "Type", "AmazonSideAsn"))["VpnGateway"]
        return str(made["VpnGatewayId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"VPNGatewayId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_vpn_gateway(VpnGatewayId=physical_id)


class RoutePropagation(ResourceType):
    name = "AWS::EC2::VPNGatewayRoutePropagation"

    def create(self, properties: Properties, place: Place) -> str:
        for table in properties["RouteTableIds"]:
            self.ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=properties["VpnGatewayId"])
        return place.generated_name()

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        before = {(table, old["VpnGatewayId"]) for table in old["RouteTableIds"]}
        after = {(table, new["VpnGatewayId"]) for table in new["RouteTableIds"]}
        for table, gateway in sorted(before - after):
            self._disable(table, gateway)
        for table, gateway in sorted(after - before):
            self.ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)

    def delete(self, physical_id: str, properties: Properties) -> None:
        for table in properties["RouteTableIds"]:
            self._disable(table, properties["VpnGatewayId"])

    def _disable(self, table: str, gateway: str) -> None:
        try:
            self.ec2.disable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
        except ClientError as problem:
            if not is_gone(problem) and "no route propagation" not in str(problem):
                raise


class CustomerGateway(ResourceType):
    name = "AWS::EC2::CustomerGateway"

    def create(self, properties: Properties, place: Place) -> str:
        """The API answers an identical request with the existing gateway, which a stack must not share by accident."""
        known = {one["CustomerGatewayId"] for one in self.ec2.describe_customer_gateways()["CustomerGateways"]}
        asked = picked(
            properties, "Type", "IpAddress", "BgpAsn", "BgpAsnExtended", "CertificateArn", "DeviceName"
        )  # fmt: skip
        identifier = str(self.ec2.create_customer_gateway(**asked)["CustomerGateway"]["CustomerGatewayId"])
        if identifier in known:
            raise ValueError(
                f"{identifier} already exists with the same type, IP address, BGP ASN and device name "
                "(Service: Ec2, Error Code: AlreadyExists)"
            )
        return identifier

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"CustomerGatewayId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_customer_gateway(CustomerGatewayId=physical_id)
