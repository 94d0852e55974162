"""The VPN of a stack as the EC2 API describes it, with nothing taken from a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

ClientOf = Callable[[str], Any]
STACK_TAG = "aws:cloudformation:stack-name"


@dataclass(frozen=True)
class TunnelView:
    outside_address: str
    inside_cidr: str
    status: str
    ike_versions: tuple[str, ...]
    encryption: tuple[str, ...]
    integrity: tuple[str, ...]
    dh_groups: tuple[int, ...]
    startup_action: str
    dpd_timeout_seconds: int | None


@dataclass(frozen=True)
class ConnectionView:
    identifier: str
    name: str
    state: str
    customer_gateway: str
    customer_address: str
    customer_asn: str
    gateway: str
    static: bool
    static_routes: tuple[str, ...]
    tunnels: tuple[TunnelView, ...]


@dataclass(frozen=True)
class RouteTableView:
    identifier: str
    name: str
    propagating: tuple[str, ...]
    routes: tuple[tuple[str, str, str, str], ...]
    """Destination, target, origin and state."""


@dataclass(frozen=True)
class StackView:
    resources: tuple[tuple[str, str], ...]
    """Type and physical id of each resource."""
    outputs: dict[str, str]
    connections: tuple[ConnectionView, ...]
    route_tables: tuple[RouteTableView, ...]


def read_stack(client: ClientOf, stack_name: str) -> StackView:
    cloudformation, ec2 = client("cloudformation"), client("ec2")
    resources = tuple(
        (one["ResourceType"], one["PhysicalResourceId"])
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
        for one in page["StackResourceSummaries"]
    )
    stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    of_stack = [{"Name": f"tag:{STACK_TAG}", "Values": [stack_name]}]
    connections = [
        one for one in ec2.describe_vpn_connections(Filters=of_stack)["VpnConnections"] if one["State"] != "deleted"
    ]
    return StackView(
        resources,
        {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
        tuple(_connection(ec2, one) for one in connections),
        tuple(_route_table(one) for one in ec2.describe_route_tables(Filters=of_stack)["RouteTables"]),
    )


def _connection(ec2: Any, connection: dict[str, Any]) -> ConnectionView:
    identifier = connection["CustomerGatewayId"]
    customer = ec2.describe_customer_gateways(CustomerGatewayIds=[identifier])["CustomerGateways"][0]
    status = {one["OutsideIpAddress"]: one["Status"] for one in connection["VgwTelemetry"]}
    return ConnectionView(
        connection["VpnConnectionId"],
        name_of(connection),
        connection["State"],
        identifier,
        customer["IpAddress"],
        customer["BgpAsn"],
        connection.get("VpnGatewayId") or connection.get("TransitGatewayId") or "-",
        connection["Options"]["StaticRoutesOnly"],
        tuple(one["DestinationCidrBlock"] for one in connection.get("Routes", []) if one["State"] != "deleted"),
        tuple(_tunnel(one, status[one["OutsideIpAddress"]]) for one in connection["Options"]["TunnelOptions"]),
    )


def _tunnel(options: dict[str, Any], status: str) -> TunnelView:
    def both(name: str) -> tuple[Any, ...]:
        """The values of phase 1 and phase 2 together, each once."""
        found = [one["Value"] for phase in (1, 2) for one in options.get(f"Phase{phase}{name}", [])]
        return tuple(dict.fromkeys(found))

    return TunnelView(
        options["OutsideIpAddress"],
        options["TunnelInsideCidr"],
        status,
        tuple(one["Value"] for one in options.get("IkeVersions", [])),
        both("EncryptionAlgorithms"),
        both("IntegrityAlgorithms"),
        both("DHGroupNumbers"),
        options.get("StartupAction", "add"),
        options.get("DpdTimeoutSeconds"),
    )


def _route_table(table: dict[str, Any]) -> RouteTableView:
    targets = ("GatewayId", "NetworkInterfaceId", "InstanceId", "NatGatewayId", "TransitGatewayId")
    routes = tuple(
        (
            route.get("DestinationCidrBlock", route.get("DestinationIpv6CidrBlock", "")),
            next((route[name] for name in targets if route.get(name)), "-"),
            route["Origin"],
            route["State"],
        )
        for route in table["Routes"]
    )
    gateways = tuple(one["GatewayId"] for one in table["PropagatingVgws"])
    return RouteTableView(table["RouteTableId"], name_of(table), gateways, routes)


def name_of(resource: dict[str, Any]) -> str:
    tags: Iterable[dict[str, str]] = resource.get("Tags", [])
    return next((one["Value"] for one in tags if one["Key"] == "Name"), "")
