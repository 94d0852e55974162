"""A transit gateway as a node: the AWS ends of its tunnels, a cable to each VPC, and its route tables.

Each of its route tables is a table of the kernel. Packets from an attachment use only the table that the attachment is
associated with. Routes to VPCs and static routes are planned here; the running gateway adds what devices announce by
BGP (``guest/transit.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_lab.network import plan
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.plan import Node, node
from vpn_lab.network.planning import addresses
from vpn_lab.network.planning.addresses import port_of
from vpn_lab.network.planning.virtual_private_gateway import (
    OUTSIDE_TABLE,
    bgp_neighbor,
    connections_of,
    med_route_maps,
    tunnel_files,
    tunnel_name,
    tunnels,
)
from vpn_model.connection import VpnConnection
from vpn_model.network import Network
from vpn_model.transit import TransitAttachment, TransitGateway, TransitTable
from vpn_model.unknown import all_known, known

NOWHERE_TABLE = 11
PREFIXES_MAXIMUM = 1000
MED = (100, 100)


def transit_gateway(deployed: Deployed, tgw: TransitGateway) -> Node:
    """Return the node of one transit gateway."""
    model = deployed.model
    connections = connections_of(model, tgw.id)
    made = node("gateway")
    outside = [known(tunnel.outside_address) for connection in connections for tunnel in connection.tunnels]
    made["addresses"] = {"lo": [f"{address}/32" for address in [*outside, addresses.TRANSIT_TO_VPC]]}
    made["rules"] = [f"priority 1000 from {address} lookup {OUTSIDE_TABLE}" for address in outside]
    made["rules"] += list(_associations(model, tgw))
    made["routes"] = [
        f"default via {addresses.INTERNET} dev {addresses.WIDE_AREA_PORT} onlink table {OUTSIDE_TABLE}",
        f"unreachable default table {NOWHERE_TABLE}",
        "unreachable default",
    ]
    for table in tgw.tables:
        made["routes"].append(f"unreachable default table {number_of(table.id)}")
        made["routes"] += list(_fixed_routes(model, tgw, table))
    made["tunnels"] = tunnels(connections, MED)
    made["transit"] = [_transit_table(model, tgw, table) for table in tgw.tables]
    made["files"] = tunnel_files(deployed, connections)
    if any(not connection.static_routes_only for connection in connections):
        made["files"]["etc/frr/bgpd.conf"] = _bgp(model, tgw, connections)
    return made


def number_of(table_id: str | None) -> int:
    """Return the kernel's number for a route table, which is derived from its id and never changes."""
    return NOWHERE_TABLE if table_id is None else int(table_id[-7:], 16) + 1000


def attached_vpcs(model: Network, tgw: TransitGateway) -> list[str]:
    """Return the VPCs that have a cable to the gateway."""
    return sorted(one.resource_id for one in _attached(tgw, "vpc") if one.resource_id in model.vpcs)


def _attached(tgw: TransitGateway, kind: str) -> list[TransitAttachment]:
    """Return the attachments of a kind that are ready."""
    return [one for one in tgw.of_kind(kind) if one.state == "available"]


def _tunnels_of(model: Network, tgw: TransitGateway, attachment_id: str) -> list[str]:
    """Return the interfaces of a VPN connection's attachment."""
    found = [one.resource_id for one in _attached(tgw, "vpn") if one.id == attachment_id]
    connections = [model.vpn_connections[one] for one in found if one in model.vpn_connections]
    return [tunnel_name(tunnel) for connection in connections for tunnel in connection.tunnels]


def _associations(model: Network, tgw: TransitGateway) -> Iterator[str]:
    for attachment in (*_attached(tgw, "vpc"), *_attached(tgw, "vpn")):
        ports = _tunnels_of(model, tgw, attachment.id)
        if attachment.kind == "vpc":
            ports = [port_of(attachment.resource_id)] if attachment.resource_id in model.vpcs else []
        for port in ports:
            yield f"priority 2000 iif {port} lookup {number_of(attachment.table_id)}"


def _fixed_networks(model: Network, tgw: TransitGateway, table: TransitTable) -> dict[str, str | None]:
    """Return the networks that a table knows without BGP, and their attachments; static routes win over VPCs."""
    learned = {
        cidr: attachment.id
        for attachment in _attached(tgw, "vpc")
        if attachment.id in table.propagating_attachment_ids and attachment.resource_id in model.vpcs
        for cidr in all_known(model.vpcs[attachment.resource_id].cidrs)
    }
    static = (route for route in table.routes if route.origin == "static")
    return {**learned, **{known(route.destination): next(iter(route.attachment_ids), None) for route in static}}


def _fixed_routes(model: Network, tgw: TransitGateway, table: TransitTable) -> Iterator[str]:
    ports = {one.id: port_of(one.resource_id) for one in _attached(tgw, "vpc") if one.resource_id in model.vpcs}
    number = number_of(table.id)
    for prefix, attachment_id in _fixed_networks(model, tgw, table).items():
        if attachment_id in ports:
            yield f"{prefix} via {addresses.VPC_TO_TRANSIT} dev {ports[attachment_id]} onlink table {number}"
        elif not (attachment_id and _tunnels_of(model, tgw, attachment_id)):
            yield f"blackhole {prefix} table {number}"


def _transit_table(model: Network, tgw: TransitGateway, table: TransitTable) -> plan.TransitTable:
    fixed = _fixed_networks(model, tgw, table)
    through = {prefix: _tunnels_of(model, tgw, one) for prefix, one in fixed.items() if one is not None}
    return {
        "number": number_of(table.id),
        "ecmp": known(tgw.ecmp),
        "fixed": sorted(fixed),
        "static": {prefix: names for prefix, names in through.items() if names},
        "learns_from": [name for one in table.propagating_attachment_ids for name in _tunnels_of(model, tgw, one)],
    }


def _bgp(model: Network, tgw: TransitGateway, connections: list[VpnConnection]) -> str:
    """Return bgpd's configuration: the routes of the table that a connection is associated with are announced to it."""
    announced = {table.id: sorted(_fixed_networks(model, tgw, table)) for table in tgw.tables}
    tables = {one.resource_id: one.table_id for one in _attached(tgw, "vpn")}
    everything = sorted({cidr for cidrs in announced.values() for cidr in cidrs})
    neighbors, policy = [], []
    for connection in connections:
        table = number_of(tables.get(connection.id))
        for med, tunnel in zip(MED, connection.tunnels, strict=True):
            if not connection.static_routes_only:
                lines = bgp_neighbor(model, connection, tunnel, med, PREFIXES_MAXIMUM)
                neighbors += lines.session
                policy += [*lines.policy, f"  neighbor {lines.peer} prefix-list TABLE-{table} out"]
    lists = []
    for one in tgw.tables:
        number, own = number_of(one.id), announced[one.id]
        lists += [f"ip prefix-list TABLE-{number} permit {cidr}" for cidr in own]
        if any(_tunnels_of(model, tgw, attachment) for attachment in one.propagating_attachment_ids):
            lists += [f"ip prefix-list TABLE-{number} deny {cidr}" for cidr in everything if cidr not in own]
            lists.append(f"ip prefix-list TABLE-{number} permit 0.0.0.0/0 le 32")
        lists.append(f"ip prefix-list TABLE-{number} deny 0.0.0.0/0 le 32")
    return (
        "\n".join(
            [
                *lists,
                f"ip prefix-list TABLE-{NOWHERE_TABLE} deny 0.0.0.0/0 le 32",
                f"router bgp {tgw.asn}",
                f" bgp router-id {connections[0].tunnels[0].outside_address}",
                *(" no bgp ebgp-requires-policy", " no bgp network import-check", " bgp graceful-restart-disable"),
                " bgp bestpath as-path multipath-relax",
                *neighbors,
                " address-family ipv4 unicast",
                f"  maximum-paths {max(1, min(64, 2 * len(connections))) if tgw.ecmp else 1}",
                *(f"  network {cidr}" for cidr in everything),
                *policy,
                " exit-address-family",
                *med_route_maps(),
            ]
        )
        + "\n"
    )
