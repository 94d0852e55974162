"""What a changed option does to a deployed stack, as far as CloudFormation's own schemas say it."""

from __future__ import annotations

from functools import cache

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

REGION = "us-east-1"
RESOURCES = {
    "ClientVpn": "AWS::EC2::ClientVpnEndpoint",
    "CustomerGateway": "AWS::EC2::CustomerGateway",
    "TransitGateway": "AWS::EC2::TransitGateway",
    "TransitGatewayRouteTable": "AWS::EC2::TransitGatewayRouteTable",
    "TransitGatewayVpcAttachment": "AWS::EC2::TransitGatewayAttachment",
    "VirtualPrivateGateway": "AWS::EC2::VPNGateway",
    "VpnConnection": "AWS::EC2::VPNConnection",
}
PROPERTIES = {
    # options whose name is not that of the property
    ("ClientVpn", "authentication"): "AuthenticationOptions",
    ("ClientVpn", "client_cidr"): "ClientCidrBlock",
    ("CustomerGateway", "address"): "IpAddress",
    ("TransitGateway", "cidr_blocks"): "TransitGatewayCidrBlocks",
    ("TransitGatewayRouteTable", "transit_gateway"): "TransitGatewayId",
    ("TransitGatewayVpcAttachment", "transit_gateway"): "TransitGatewayId",
    ("TransitGatewayVpcAttachment", "vpc"): "VpcId",
    ("VpnConnection", "routing"): "StaticRoutesOnly",
}
REPLACES = "replaces the resource"


def effect_of_change(name: str, option: str) -> str:
    """Return what CloudFormation does when the option of a public name changes; empty where the schema says nothing."""
    kind = RESOURCES.get(name)
    if kind is None:
        return ""
    wanted = PROPERTIES.get((name, option), option.replace("_", "")).lower()
    return REPLACES if wanted in _create_only(kind) else ""


@cache
def _create_only(kind: str) -> frozenset[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    return frozenset(str(path).rsplit("/", 1)[-1].lower() for path in schema["createOnlyProperties"])
