"""A VPC's implicit router, as a node: route tables, Internet gateway and security groups.

Each interface has its own cable to the router, which answers every ARP request on it. All traffic therefore passes
through the router, even between two instances of one subnet, so that the subnet's route table and the security groups
of both interfaces apply.
"""

from __future__ import annotations

from vpn_lab.network.model import Deployed, Interface, RouteTable, Vpc
from vpn_lab.network.plan import Node, node
from vpn_lab.network.planning import addresses, filters, metadata
from vpn_lab.network.planning.addresses import port_of


def router(deployed: Deployed, vpc: Vpc) -> Node:
    """Return the router of one VPC."""
    interfaces = live_interfaces(deployed, vpc.id)
    subnets = [subnet for subnet in deployed.subnets.values() if subnet.vpc_id == vpc.id]
    made = node("router")
    own = [addresses.METADATA, addresses.VPC_TO_INTERNET, addresses.VPC_TO_GATEWAY, addresses.VPC_TO_TRANSIT]
    own += sorted(addresses.subnet_router(subnet.cidr) for subnet in subnets)
    made["addresses"] = {"lo": [f"{address}/32" for address in own]}
    made["routes"] = [
        f"{address.private} dev {port_of(interface.id)}" for interface in interfaces for address in interface.addresses
    ]
    # addresses in the VPC lead to their interface, regardless of route tables; for the rest, the subnet's table decides
    made["rules"] = ["priority 1000 lookup main"]
    tables = {table.id: table for table in deployed.route_tables.values() if table.vpc_id == vpc.id}
    for interface in interfaces:
        table = route_table(deployed, interface)
        if table is not None:
            made["rules"].append(f"priority 2000 iif {port_of(interface.id)} lookup {_number(table)}")
    for table in tables.values():
        made["routes"] += _routes(table, {interface.id: interface for interface in interfaces})
    made["firewall"] = filters.router(deployed, interfaces)
    made["metadata"] = metadata.pages(deployed, interfaces)
    return made


def live_interfaces(deployed: Deployed, vpc_id: str) -> list[Interface]:
    """Return the interfaces of a VPC that belong to running instances or to Client VPN endpoints."""
    used = deployed.client_vpn_interfaces
    return [
        interface
        for interface in deployed.interfaces.values()
        if interface.vpc_id == vpc_id and (interface.id in used or _runs(deployed, interface))
    ]


def _runs(deployed: Deployed, interface: Interface) -> bool:
    return interface.instance_id in deployed.instances and deployed.instances[interface.instance_id].running


def route_table(deployed: Deployed, interface: Interface) -> RouteTable | None:
    """Return the route table of an interface's subnet, or the VPC's main one."""
    main = None
    for table in deployed.route_tables.values():
        if interface.subnet_id in table.subnet_ids:
            return table
        main = table if table.is_main and table.vpc_id == interface.vpc_id else main
    return main


def _number(table: RouteTable) -> int:
    """Return the kernel's number for a route table, which is derived from its id and never changes."""
    return int(table.id[-7:], 16) + 1000


def _routes(table: RouteTable, interfaces: dict[str, Interface]) -> list[str]:
    number = _number(table)
    routes = []
    for route in table.routes:
        if route.target == "local":
            routes.append(f"unreachable {route.prefix} table {number}")
        elif route.target.startswith("igw-"):
            routes.append(_onlink(route.prefix, addresses.INTERNET, addresses.INTERNET_PORT, number))
        elif route.target.startswith("vgw-"):
            routes.append(_onlink(route.prefix, addresses.GATEWAY_TO_VPC, addresses.GATEWAY_PORT, number))
        elif route.target.startswith("tgw-"):
            routes.append(_onlink(route.prefix, addresses.TRANSIT_TO_VPC, port_of(route.target), number))
        elif route.target in interfaces:
            via = interfaces[route.target]
            routes.append(_onlink(route.prefix, via.primary_address, port_of(via.id), number))
        else:
            routes.append(f"blackhole {route.prefix} table {number}")
    return routes


def _onlink(prefix: str, via: str, port: str, table: int) -> str:
    return f"{prefix} via {via} dev {port} onlink table {table}"
