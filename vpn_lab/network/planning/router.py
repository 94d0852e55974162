"""A VPC's implicit router, as a node: route tables, Internet gateway and security groups.

Each interface has its own cable to the router, which answers every ARP request on it. All traffic therefore passes
through the router, even between two instances of one subnet, so that the subnet's route table and the security groups
of both interfaces apply.
"""

from __future__ import annotations

from vpn_lab.network import client_vpn_servers
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.plan import Node, node
from vpn_lab.network.planning import addresses, filters, metadata
from vpn_lab.network.planning.addresses import port_of
from vpn_model.hosts import Interface
from vpn_model.network import Network
from vpn_model.routing import Route, RouteTable
from vpn_model.unknown import known
from vpn_model.vpc import Vpc


def router(deployed: Deployed, vpc: Vpc) -> Node:
    """Return the router of one VPC."""
    model = deployed.model
    interfaces = live_interfaces(model, vpc.id)
    subnets = [subnet for subnet in model.subnets.values() if subnet.vpc_id == vpc.id]
    made = node("router")
    own = [addresses.METADATA, addresses.VPC_TO_INTERNET, addresses.VPC_TO_GATEWAY, addresses.VPC_TO_TRANSIT]
    own += sorted(addresses.subnet_router(known(subnet.cidr)) for subnet in subnets)
    made["addresses"] = {"lo": [f"{address}/32" for address in own]}
    made["routes"] = [
        f"{address.private} dev {port_of(interface.id)}" for interface in interfaces for address in interface.addresses
    ]
    # addresses in the VPC lead to their interface, regardless of route tables; for the rest, the subnet's table decides
    made["rules"] = ["priority 1000 lookup main"]
    tables = {table.id: table for table in model.route_tables.values() if table.vpc_id == vpc.id}
    for interface in interfaces:
        table = model.route_table_of(interface.subnet_id)
        if table is not None:
            made["rules"].append(f"priority 2000 iif {port_of(interface.id)} lookup {_number(table)}")
    for table in tables.values():
        made["routes"] += _routes(table, {interface.id: interface for interface in interfaces})
    made["firewall"] = filters.router(model.security_groups, interfaces)
    made["metadata"] = metadata.pages(deployed, interfaces)
    return made


def live_interfaces(model: Network, vpc_id: str) -> list[Interface]:
    """Return the interfaces of a VPC that belong to running instances or to Client VPN endpoints."""
    used = client_vpn_servers.interfaces(model)
    return [
        interface
        for interface in model.interfaces.values()
        if interface.vpc_id == vpc_id and (interface.id in used or _runs(model, interface))
    ]


def _runs(model: Network, interface: Interface) -> bool:
    instance = model.instances.get(interface.instance_id or "")
    return instance is not None and instance.is_running


def _number(table: RouteTable) -> int:
    """Return the kernel's number for a route table, which is derived from its id and never changes."""
    return int(table.id[-7:], 16) + 1000


def _routes(table: RouteTable, interfaces: dict[str, Interface]) -> list[str]:
    """Return the kernel's routes of a table; those for IPv6 and for prefix lists are left out."""
    return [_route(route, _number(table), interfaces) for route in table.routes if _is_ipv4(route)]


def _is_ipv4(route: Route) -> bool:
    destination = known(route.destination)
    return ":" not in destination and "/" in destination


def _route(route: Route, number: int, interfaces: dict[str, Interface]) -> str:
    prefix, target = known(route.destination), route.target_id
    if not route.is_blackhole:
        if route.target_kind == "local":
            return f"unreachable {prefix} table {number}"
        if route.target_kind == "internet gateway":
            return _onlink(prefix, addresses.INTERNET, addresses.INTERNET_PORT, number)
        if route.target_kind == "virtual private gateway":
            return _onlink(prefix, addresses.GATEWAY_TO_VPC, addresses.GATEWAY_PORT, number)
        if route.target_kind == "transit gateway":
            return _onlink(prefix, addresses.TRANSIT_TO_VPC, port_of(target), number)
        if target in interfaces:
            via = interfaces[target]
            return _onlink(prefix, known(via.primary_address), port_of(via.id), number)
    return f"blackhole {prefix} table {number}"


def _onlink(prefix: str, via: str, port: str, table: int) -> str:
    return f"{prefix} via {via} dev {port} onlink table {table}"
