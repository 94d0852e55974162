"""Clients that answer what a test says: in pages, or with a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

WITHOUT_PAGES = frozenset(
    {"describe_addresses", "describe_vpn_gateways", "describe_customer_gateways", "describe_vpn_connections"}
)
MEMBERS = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_internet_gateways": "InternetGateways",
    "describe_nat_gateways": "NatGateways",
    "describe_instance_connect_endpoints": "InstanceConnectEndpoints",
    "describe_route_tables": "RouteTables",
    "describe_security_groups": "SecurityGroups",
    "describe_network_acls": "NetworkAcls",
    "describe_instances": "Reservations",
    "describe_addresses": "Addresses",
    "describe_network_interfaces": "NetworkInterfaces",
    "describe_vpn_gateways": "VpnGateways",
    "describe_customer_gateways": "CustomerGateways",
    "describe_vpn_connections": "VpnConnections",
    "describe_transit_gateways": "TransitGateways",
    "describe_transit_gateway_vpc_attachments": "TransitGatewayVpcAttachments",
    "describe_transit_gateway_attachments": "TransitGatewayAttachments",
    "describe_transit_gateway_route_tables": "TransitGatewayRouteTables",
    "get_transit_gateway_route_table_propagations": "TransitGatewayRouteTablePropagations",
    "search_transit_gateway_routes": "Routes",
    "describe_client_vpn_endpoints": "ClientVpnEndpoints",
    "describe_client_vpn_target_networks": "ClientVpnTargetNetworks",
    "describe_client_vpn_routes": "Routes",
    "describe_client_vpn_authorization_rules": "AuthorizationRules",
    "list_stack_resources": "StackResourceSummaries",
    "describe_stacks": "Stacks",
}


class FakeClients:
    """Hands out itself for every service, and remembers what it was asked.

    An answer is a list of pages, each a list of entries; a call without an answer has an empty page. A call in
    ``refused`` fails with the error code that is given there.
    """

    members = MEMBERS

    def __init__(self, refused: dict[str, str] | None = None, **answers: Any) -> None:
        self.answers: dict[str, list[list[dict[str, Any]]]] = answers
        self.refused = refused or {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, service: str) -> FakeClients:
        assert service.isalnum()
        return self

    def can_paginate(self, call: str) -> bool:
        return call not in WITHOUT_PAGES

    def get_paginator(self, call: str) -> FakePaginator:
        assert call not in WITHOUT_PAGES
        return FakePaginator(self, call)

    def __getattr__(self, call: str) -> Any:
        if call not in WITHOUT_PAGES:
            raise AttributeError(f"{call} has pages, or reads nothing")
        return lambda **request: next(self.pages(call, request))

    def pages(self, call: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.asked.append((call, request))
        if call in self.refused:
            error = {"Code": self.refused[call], "Message": "no"}
            raise ClientError({"Error": error}, call)  # type: ignore[typeddict-item]
        for page in self.answers.get(call, [[]]):
            yield {self.members.get(call, ""): page}

    def calls(self) -> list[str]:
        return [call for call, _ in self.asked]

    def filters(self, call: str) -> list[dict[str, list[str]]]:
        """The filters of each time that a call was made."""
        return [
            {one["Name"]: one["Values"] for one in request.get("Filters", ())}
            for name, request in self.asked
            if name == call
        ]


class FakePaginator:
    def __init__(self, clients: FakeClients, call: str) -> None:
        self._clients, self._call = clients, call

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        return self._clients.pages(self._call, request)
