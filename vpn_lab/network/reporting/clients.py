"""Reports the clients of Client VPN endpoints to the region, and ends the connections that the region terminates."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from vpn_lab.network.client_vpn_servers import associations, served
from vpn_lab.network.machine.machine import Machine
from vpn_lab.region import Region
from vpn_model.network import Network


def report(region: Region, machine: Machine, model: Network, state: Mapping[str, Any]) -> None:
    """Report all endpoints once."""
    for endpoint in served(model):
        servers = [one.id for one in associations(endpoint) if one.id in state]
        connections = {
            identifier(server, client): (server, client)
            for server in servers
            for client in state[server].get("clients", [])
        }
        shown = [connection(name, client) for name, (_, client) in connections.items()]
        refused = [f"{server} {attempt}" for server in servers for attempt in state[server].get("refused", [])]
        for name in region.report_clients(endpoint.id, shown, refused):
            if name in connections:
                server, client = connections[name]
                machine.call("end_client", node=server, client=client["client_id"])


def identifier(server: str, client: Mapping[str, str]) -> str:
    """Return the id of a connection, derived from its server, its number there and its start."""
    unique = "|".join((server, client["client_id"], client["since"]))
    return f"cvpn-connection-{sha256(unique.encode()).hexdigest()[:17]}"


def connection(name: str, client: Mapping[str, str]) -> dict[str, str]:
    """Return a connection as DescribeClientVpnConnections shows it, with its source address."""
    return {
        "ConnectionId": name,
        "CommonName": client["name"],
        "ClientIp": client["address"],
        "From": client["from"],
        "ConnectionEstablishedTime": client["since"],
        "Timestamp": client["now"],
        "IngressBytes": client["received"],
        "EgressBytes": client["sent"],
    }
