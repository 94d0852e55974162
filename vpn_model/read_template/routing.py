"""Route tables of a template, with the routes that come with a VPC and those that a gateway propagates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vpn_model.connection import VpnConnection
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.template import Template
from vpn_model.read_template.vpcs import chosen
from vpn_model.routing import Route, RouteTable, TargetKind
from vpn_model.unknown import Text
from vpn_model.vpc import Vpc

TARGETS: dict[str, TargetKind] = {
    "NetworkInterfaceId": "network interface",
    "InstanceId": "instance",
    "NatGatewayId": "NAT gateway",
    "TransitGatewayId": "transit gateway",
    "VpcEndpointId": "VPC endpoint",
    "VpcPeeringConnectionId": "VPC peering connection",
    "EgressOnlyInternetGatewayId": "egress-only internet gateway",
    "CarrierGatewayId": "carrier gateway",
    "LocalGatewayId": "local gateway",
    "CoreNetworkArn": "core network",
}
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def route_tables(
    template: Template, vpcs: Mapping[str, Vpc], connections: Mapping[str, VpnConnection]
) -> dict[str, RouteTable]:
    """All route tables: those of the template, the main one of each VPC, and those of others that it changes."""
    subnets = _related(template, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId")
    gateways = _related(template, "AWS::EC2::GatewayRouteTableAssociation", "GatewayId")
    propagating = _propagations(template)
    routes = _routes(template)
    own = {one.logical_id: one for one in template.of_type("AWS::EC2::RouteTable")}
    vpc_of = {name: template.fields(one).id("VpcId") for name, one in own.items()}
    vpc_of |= {f"{name}.MainRouteTable": name for name in vpcs}
    elsewhere = {name for names in (subnets, gateways, propagating, routes) for name in names} - vpc_of.keys()
    vpc_of |= {name: chosen(name, "VpcId").text for name in sorted(elsewhere)}
    return {
        name: RouteTable(
            id=name,
            name=template.tag_name(own[name]) if name in own else "",
            vpc_id=vpc,
            routes=_all_routes(vpcs.get(vpc), vpc, routes.get(name, []), propagating.get(name, ()), connections),
            subnet_ids=tuple(subnets.get(name, ())),
            is_main=name.endswith(".MainRouteTable") and name not in own,
            gateway_ids=tuple(gateways.get(name, ())),
            propagating_gateway_ids=tuple(propagating.get(name, ())),
        )
        for name, vpc in vpc_of.items()
    }


def _all_routes(
    vpc: Vpc | None,
    vpc_id: str,
    created: list[Route],
    propagating: tuple[str, ...] | list[str],
    connections: Mapping[str, VpnConnection],
) -> tuple[Route, ...]:
    blocks: tuple[Text, ...] = (*vpc.cidrs, *vpc.ipv6_cidrs) if vpc else (chosen(vpc_id, "CidrBlock"),)
    local = [Route(block, "local", "local", "local") for block in blocks]
    # a route of the table itself wins over a propagated one to the same destination
    taken: dict[Text, Route] = {route.destination: route for route in (*local, *created)}
    for gateway in propagating:
        for destination in _propagated(gateway, connections):
            taken.setdefault(destination, Route(destination, gateway, "virtual private gateway", "propagated"))
    return tuple(taken.values())


def _propagated(gateway: str, connections: Mapping[str, VpnConnection]) -> Iterator[Text]:
    """The static routes that a virtual private gateway learns from its connections. BGP routes are in no template."""
    for connection in connections.values():
        if connection.vpn_gateway_id == gateway:
            yield from (route.destination for route in connection.static_routes)


def _routes(template: Template) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for resource in template.of_type("AWS::EC2::Route"):
        fields = template.fields(resource)
        destination = next((fields.text(name) for name in DESTINATIONS if name in fields), "")
        found.setdefault(fields.id("RouteTableId"), []).append(Route(destination, *_target(template, fields)))
    return found


def _target(template: Template, fields: Fields) -> tuple[str, TargetKind]:
    if "GatewayId" in fields:
        gateway = fields.id("GatewayId")
        return gateway, _gateway_kind(template, gateway)
    name = next((name for name in TARGETS if name in fields), None)
    return (fields.id(name), TARGETS[name]) if name else (chosen(fields.where, "Target").text, "unknown")


def _gateway_kind(template: Template, gateway: str) -> TargetKind:
    resource = template.get(gateway)
    kind = resource.type if resource else ""
    if kind == "AWS::EC2::InternetGateway" or gateway.startswith("igw-"):
        return "internet gateway"
    if kind == "AWS::EC2::VPNGateway" or gateway.startswith("vgw-"):
        return "virtual private gateway"
    return "local" if gateway == "local" else "VPC endpoint" if gateway.startswith("vpce-") else "unknown"


def _propagations(template: Template) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fields in map(template.fields, template.of_type("AWS::EC2::VPNGatewayRoutePropagation")):
        for table in fields.ids("RouteTableIds"):
            found.setdefault(table, []).append(fields.id("VpnGatewayId"))
    return found


def _related(template: Template, kind: str, member: str) -> dict[str, list[str]]:
    found: dict[str, list[Any]] = {}
    for fields in map(template.fields, template.of_type(kind)):
        found.setdefault(fields.id("RouteTableId"), []).append(fields.id(member))
    return found
