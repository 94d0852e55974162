"""The state of a network, as rows for people to read."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import permutations
from typing import Any

from vpn_lab.network.network import Network
from vpn_model.hosts import Instance, Interface
from vpn_model.network import Network as Model
from vpn_model.unknown import known

Row = dict[str, Any]


def status(network: Network) -> dict[str, list[Row]]:
    """Return the nodes and the tunnels."""
    state, model = network.state(), network.deployed().model
    return {
        "nodes": [_node(name, entry, model) for name, entry in state.items()],
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


def _node(name: str, entry: Row, model: Model) -> Row:
    instance = model.instances.get(name)
    return {
        "node": name,
        "name": instance.name or instance.id if instance else entry["kind"],
        "address": _address(model, instance) if instance else "",
        "state": "running" if entry["running"] else "off",
    }


def _address(model: Model, instance: Instance) -> str:
    return known(model.interfaces_of(instance.id)[0].primary_address)


def routes(network: Network) -> list[Row]:
    """Return the routes of all route tables, as the EC2 API shows them."""
    return [
        {
            "route table": table.id,
            "VPC": table.vpc_id,
            "destination": str(route.destination),
            "target": "blackhole" if route.is_blackhole else route.target_id,
        }
        for table in network.deployed().model.route_tables.values()
        for route in table.routes
    ]


def pings(network: Network) -> list[Row]:
    """Ping from each instance without user-data to each such instance of another VPC that its subnet has a route to."""
    deployed = network.deployed()
    model = deployed.model
    hosts = [one for one in model.instances.values() if one.id not in deployed.user_data and one.is_running]
    rows = []
    for source, target in permutations(hosts, 2):
        ends = [model.interfaces_of(one.id)[0] for one in (source, target)]
        address = known(ends[1].primary_address)
        if ends[0].vpc_id == ends[1].vpc_id or not _has_route(model, ends[0], address):
            continue
        answer = network.call(source.id, "ping", "-c", "1", "-W", "2", address)["output"]
        time = answer.split("time=")[1].splitlines()[0] if "time=" in answer else "none"
        rows.append({"from": source.name, "to": target.name, "answer": time})
    return rows


def _has_route(model: Model, interface: Interface, target: str) -> bool:
    """Tell whether an interface's route table has a route to an address; without one, no ping is expected to work."""
    table = model.route_table_of(interface.subnet_id)
    return table is not None and any(
        ip_address(target) in ip_network(known(route.destination))
        for route in table.routes
        if route.target_kind != "local" and "/" in known(route.destination)
    )
