"""Route tables of VPCs, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vpn_model.read_api.calls import Calls, Entry, name_of
from vpn_model.read_api.scope import Question, Scope, in_vpcs
from vpn_model.routing import Origin, Route, RouteState, RouteTable, TargetKind

ROUTE_TABLE = Question("describe_route_tables", "RouteTables", "RouteTable", "RouteTableId", "route-table-id")
# an interface and its instance are both told: the interface comes first
TARGETS: dict[str, TargetKind] = {
    "NetworkInterfaceId": "network interface",
    "InstanceId": "instance",
    "NatGatewayId": "NAT gateway",
    "TransitGatewayId": "transit gateway",
    "VpcPeeringConnectionId": "VPC peering connection",
    "EgressOnlyInternetGatewayId": "egress-only internet gateway",
    "CarrierGatewayId": "carrier gateway",
    "LocalGatewayId": "local gateway",
    "CoreNetworkArn": "core network",
}
GATEWAYS: dict[str, TargetKind] = {
    "igw": "internet gateway",
    "vgw": "virtual private gateway",
    "vpce": "VPC endpoint",
    "local": "local",
}
ORIGINS: dict[str, Origin] = {
    "CreateRouteTable": "local",
    "CreateRoute": "created",
    "EnableVgwRoutePropagation": "propagated",
    "Advertisement": "advertised",
}
STATES: dict[str, RouteState] = {"active": "active", "blackhole": "blackhole", "filtered": "filtered"}
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def route_tables(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, RouteTable]:
    """The route tables of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    return {one["RouteTableId"]: _table(one) for one in in_vpcs(calls, ROUTE_TABLE, scope, inside)}


def _table(entry: Entry) -> RouteTable:
    associations: Iterable[Entry] = entry.get("Associations") or ()
    return RouteTable(
        id=entry["RouteTableId"],
        name=name_of(entry),
        vpc_id=entry["VpcId"],
        routes=tuple(_route(one) for one in entry["Routes"]),
        subnet_ids=tuple(one["SubnetId"] for one in associations if one.get("SubnetId")),
        is_main=any(one.get("Main") for one in associations),
        gateway_ids=tuple(one["GatewayId"] for one in associations if one.get("GatewayId")),
        propagating_gateway_ids=tuple(one["GatewayId"] for one in entry.get("PropagatingVgws") or ()),
    )


def _route(entry: Entry) -> Route:
    identifier, kind = _target(entry)
    return Route(
        destination=next((str(entry[name]) for name in DESTINATIONS if entry.get(name)), ""),
        target_id=identifier,
        target_kind=kind,
        origin=ORIGINS.get(entry.get("Origin", ""), "created"),
        state=STATES.get(entry.get("State", ""), "active"),
    )


def _target(entry: Entry) -> tuple[str, TargetKind]:
    name = next((name for name in TARGETS if entry.get(name)), None)
    if name:
        return entry[name], TARGETS[name]
    gateway = str(entry.get("GatewayId") or "")
    return gateway, GATEWAYS.get(gateway.split("-", maxsplit=1)[0], "unknown")
