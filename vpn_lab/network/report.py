"""The state of a network, as rows for people to read."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import permutations
from typing import Any

from vpn_lab.network.model import Deployed, Instance, Interface
from vpn_lab.network.network import Network
from vpn_lab.network.planning import planner
from vpn_lab.network.planning.router import route_table

Row = dict[str, Any]


def status(network: Network) -> dict[str, list[Row]]:
    """Return the nodes and the tunnels."""
    state, deployed = network.state(), network.deployed()
    return {
        "nodes": [_node(name, entry, deployed) for name, entry in state.items()],
        "tunnels": [
            {
                "tunnel": tunnel["outside_address"],
                "connection": tunnel["connection"],
                "IKE and ESP": "up" if tunnel["established"] else "down",
                "BGP": tunnel["bgp"] or "",
                "learned": ", ".join(tunnel["prefixes"]),
            }
            for node in state.values()
            for tunnel in node.get("tunnels", {}).values()
        ],
    }


def _node(name: str, entry: Row, deployed: Deployed) -> Row:
    instance = deployed.instances.get(name)
    return {
        "node": name,
        "name": instance.name if instance else entry["kind"],
        "address": _address(deployed, instance) if instance else "",
        "state": "running" if entry["running"] else "off",
    }


def _address(deployed: Deployed, instance: Instance) -> str:
    return planner.instance_interfaces(deployed, instance)[0].primary_address


def routes(network: Network) -> list[Row]:
    """Return the routes of all route tables, as the EC2 API shows them."""
    return [
        {
            "route table": table.id,
            "VPC": table.vpc_id,
            "destination": route.prefix,
            "target": route.target or "blackhole",
        }
        for table in network.deployed().route_tables.values()
        for route in table.routes
    ]


def pings(network: Network) -> list[Row]:
    """Ping from each instance without user-data to each such instance of another VPC that its subnet has a route to."""
    deployed = network.deployed()
    hosts = [one for one in deployed.instances.values() if one.user_data is None and one.running]
    rows = []
    for source, target in permutations(hosts, 2):
        ends = [planner.instance_interfaces(deployed, one)[0] for one in (source, target)]
        if ends[0].vpc_id == ends[1].vpc_id or not _has_route(deployed, ends[0], ends[1].primary_address):
            continue
        answer = network.call(source.id, "ping", "-c", "1", "-W", "2", ends[1].primary_address)["output"]
        time = answer.split("time=")[1].splitlines()[0] if "time=" in answer else "none"
        rows.append({"from": source.name, "to": target.name, "answer": time})
    return rows


def _has_route(deployed: Deployed, interface: Interface, target: str) -> bool:
    """Tell whether an interface's route table has a route to an address; without one, no ping is expected to work."""
    table = route_table(deployed, interface)
    return table is not None and any(
        ip_address(target) in ip_network(route.prefix) and route.target != "local" for route in table.routes
    )
