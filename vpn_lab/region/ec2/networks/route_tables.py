"""Route tables as EC2 shows them: propagated routes, blackholes, and the check that a route's gateway is attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from moto.ec2.exceptions import InvalidParameterValueError
from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route, RouteTable

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.vpn.connections import VpnConnections


def canonical(block: str | None) -> str | None:
    """Return a network as EC2 stores it: 10.1.2.3/16 becomes 10.1.0.0/16. Other texts stay, and are rejected later."""
    try:
        return str(ip_network(block, strict=False)) if block else block
    except ValueError:
        return block


def _destinations(route: Route) -> Iterator[str | None]:
    yield route.destination_cidr_block
    yield route.destination_ipv6_cidr_block
    yield route.destination_prefix_list_id


class RouteTables(VpnConnections, EC2Backend):
    def create_route(  # type: ignore[override]
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        **kwargs: Any,
    ) -> Route:
        ipv4, ipv6 = canonical(destination_cidr_block), canonical(destination_ipv6_cidr_block)
        if not kwargs.get("local"):
            table = self.get_route_table(route_table_id)
            wanted = ipv4 or ipv6 or destination_prefix_list_id
            if wanted in {one for route in table.routes for one in _destinations(route)}:
                raise refusal("RouteAlreadyExists", f"The route identified by {wanted} already exists.")
            self._check_route_target(table, kwargs)
        return super().create_route(route_table_id, ipv4, ipv6, destination_prefix_list_id, **kwargs)

    def replace_route(self, route_table_id: str, destination_cidr_block: str, *args: Any, **kwargs: Any) -> Route:
        self._check_route_target(self.get_route_table(route_table_id), kwargs)
        return super().replace_route(route_table_id, canonical(destination_cidr_block) or "", *args, **kwargs)

    def delete_route(self, route_table_id: str, destination_cidr_block: str, *args: Any, **kwargs: Any) -> Route:
        return super().delete_route(route_table_id, canonical(destination_cidr_block) or "", *args, **kwargs)

    def _check_route_target(self, table: RouteTable, target: Mapping[str, Any]) -> None:
        transit = target.get("transit_gateway_id")
        if transit and self.vpc_attachment(transit, table.vpc_id) is None:
            # AWS uses this message even for a gateway that exists and is not attached
            raise refusal("InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{transit}' does not exist")
        if target.get("gateway_id"):
            self._check_gateway_of_route(table, target["gateway_id"])
        interface = target.get("interface_id")
        if interface and self.get_network_interface(interface).vpc_id != table.vpc_id:
            message = f"route table {table.id} and interface {interface} belong to different networks"
            raise InvalidParameterValueError(message)

    def associate_route_table(
        self, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> str:
        table = self.get_route_table(route_table_id)
        for other in self.route_tables.values():
            if other is not table and (subnet_id or gateway_id) in other._associations.values():
                message = (
                    f"the specified association for route table {route_table_id} conflicts with an existing association"
                )
                raise refusal("Resource.AlreadyAssociated", message)
        if subnet_id and self.get_subnet(subnet_id).vpc_id != table.vpc_id:
            message = f"Route table {route_table_id} and subnet {subnet_id} belong to different networks"
            raise InvalidParameterValueError(message)
        return super().associate_route_table(route_table_id, gateway_id, subnet_id)

    def _check_gateway_of_route(self, table: RouteTable, gateway: str) -> None:
        attached: str | None = None
        if gateway.startswith("igw-"):
            attached = self.get_internet_gateway(gateway).vpc.id if self.get_internet_gateway(gateway).vpc else None
        elif gateway.startswith("vgw-"):
            attached = self.attached_vpc(self.living_vpn_gateway(gateway))
        else:
            return
        if attached != table.vpc_id:
            message = f"route table {table.id} and network gateway {gateway} belong to different networks"
            raise InvalidParameterValueError(message)

    def show_route_table(self, table: RouteTable) -> dict[str, Any]:
        """One route table in the answer of DescribeRouteTables."""
        return {
            "RouteTableId": table.id,
            "VpcId": table.vpc_id,
            "OwnerId": table.owner_id,
            "Associations": table.associations,
            "PropagatingVgws": [{"GatewayId": gateway} for gateway in self.propagation.get(table.id, [])],
            "Routes": [*(self._show(route) for route in table.routes), *self.propagated_routes(table)],
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in table.get_tags()],
        }

    def propagated_routes(self, table: RouteTable) -> list[dict[str, Any]]:
        """What the gateways of this table have learned; the table's own routes take precedence over propagated ones."""
        own = {route.destination_cidr_block for route in table.routes}
        shown: dict[str, dict[str, Any]] = {}
        for gateway in self.propagation.get(table.id, []):
            for connection in self.connections_of(gateway):
                for prefix in connection.reachable_prefixes:
                    if prefix not in own:
                        shown.setdefault(prefix, _propagated(prefix, gateway))
        return sorted(shown.values(), key=lambda route: ip_network(route["DestinationCidrBlock"]))

    def _show(self, route: Route) -> dict[str, Any]:
        interface = route.interface
        instance = route.instance or (interface.instance if interface else None)
        shown = {
            "DestinationCidrBlock": route.destination_cidr_block,
            "DestinationIpv6CidrBlock": route.destination_ipv6_cidr_block,
            "DestinationPrefixListId": route.destination_prefix_list_id,
            "GatewayId": route.gateway_id,
            "InstanceId": instance.id if instance else None,
            "InstanceOwnerId": self.account_id if instance else None,
            "NatGatewayId": route.nat_gateway_id,
            "EgressOnlyInternetGatewayId": route.egress_only_internet_gateway_id,
            "TransitGatewayId": route.transit_gateway_id,
            "VpcPeeringConnectionId": route.vpc_peering_connection_id,
            "NetworkInterfaceId": interface.id if interface else None,
            "Origin": route.origin,
            "State": "blackhole" if self._leads_nowhere(route) else "active",
        }
        return {name: value for name, value in shown.items() if value is not None}

    def _leads_nowhere(self, route: Route) -> bool:
        if route.interface is not None:
            owner = route.interface.instance
            return route.interface.id not in self.enis or owner is None or owner.state != "running"
        if route.instance is not None:
            return route.instance.state != "running"
        if route.transit_gateway_id is not None:
            return self.vpc_attachment(route.transit_gateway_id, route.route_table.vpc_id) is None
        gateway = route.gateway_id or ""
        if gateway.startswith("vgw-"):
            return self.attached_vpc(self.get_vpn_gateway(gateway)) != route.route_table.vpc_id
        return gateway.startswith("igw-") and gateway not in self.internet_gateways

    def check_not_main(self, route_table_id: str) -> None:
        if self.get_route_table(route_table_id).main_association_id:
            message = f"The routeTable '{route_table_id}' is the main route table of its VPC and cannot be deleted."
            raise refusal("DependencyViolation", message)

    def delete_route_table(self, route_table_id: str) -> None:
        super().delete_route_table(route_table_id)
        self.propagation.pop(route_table_id, None)


def _propagated(prefix: str, gateway: str) -> dict[str, Any]:
    return {
        "DestinationCidrBlock": prefix,
        "GatewayId": gateway,
        "Origin": "EnableVgwRoutePropagation",
        "State": "active",
    }
