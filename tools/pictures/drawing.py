"""Writes a network as a Graphviz document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from statistics import mean

from tools.pictures.labels import (
    client_vpn_label,
    connection_label,
    gateway_label,
    internet_gateway_label,
    subnet_label,
)
from tools.pictures.network import Connection, ElasticAddress, Network, Subnet, Vpc
from tools.pictures.style import EDGES, GRAPH, NODES, PAIR, PATH, ROUTE, TUNNEL, UNUSED_TUNNEL, VPC_STYLES, attributes


def draw(network: Network) -> str:
    """Return the Graphviz document: the customer's VPC on the left, AWS's on the right, the connections between."""
    lines = [
        f"digraph {quote(network.name)} {{",
        f"graph [{attributes(GRAPH)}]; node [{attributes(NODES)}]; edge [{attributes(EDGES)}];",
        *(
            line
            for position, vpc in enumerate(network.vpcs)
            for line in _vpc(network, vpc, VPC_STYLES[min(position, 1)])
        ),
        *(f"{quote(one.id)} [label=<{connection_label(one)}>];" for one in network.connections),
        *_free_gateways(network),
        *_address_edges(network),
        *(line for connection in network.connections for line in _tunnel_edges(network, connection)),
        *_route_edges(network),
        *_attachment_edges(network),
        *_pair_edges(network),
        *_client_vpns(network),
        "}",
    ]
    return "\n".join(lines) + "\n"


def quote(name: str) -> str:
    return '"' + name.replace('"', r"\"") + '"'


def _vpc(network: Network, vpc: Vpc, style: dict[str, str]) -> Iterator[str]:
    yield f"subgraph {quote('cluster ' + vpc.id)} {{"
    yield f"{attributes(style)}; label=<<b>{vpc.name}</b>   VPC {vpc.cidr}>;"
    # Graphviz stacks clusters from the bottom up when it draws from left to right.
    zones = [(zone, list(subnets)) for zone, subnets in groupby(vpc.subnets, key=lambda subnet: subnet.zone)]
    for zone, subnets in reversed(zones):
        yield f"subgraph {quote(f'cluster {vpc.id} {zone}')} {{"
        yield f'{attributes(VPC_STYLES[2])}; label="{zone}";'
        yield from (f"{quote(subnet.id)} [label=<{subnet_label(subnet)}>];" for subnet in subnets)
        yield "}"
    if vpc.has_internet_gateway:
        yield f"{quote(_internet_gateway(vpc))} [label=<{internet_gateway_label(_addresses_of(network, vpc))}>];"
    for gateway in network.gateways:
        if gateway.vpc == vpc.id:
            yield f"{quote(gateway.id)} [label=<{gateway_label(gateway)}>];"
    yield "}"


def _internet_gateway(vpc: Vpc) -> str:
    return f"internet gateway of {vpc.id}"


def _subnets_by_instance(network: Network) -> dict[str, Subnet]:
    return {one.id: subnet for vpc in network.vpcs for subnet in vpc.subnets for one in subnet.instances}


def _addresses_of(network: Network, vpc: Vpc) -> list[ElasticAddress]:
    """The Elastic IPs used in a VPC, each next to its devices: one that moves stands between those that do not."""
    places = {one.id: place for place, one in enumerate(one for subnet in vpc.subnets for one in subnet.instances)}
    users = {
        address: [places[user] for user in (address.held_by, *address.may_move_to) if user in places]
        for address in network.addresses
    }
    return sorted((address for address in users if users[address]), key=lambda address: mean(users[address]))


def _free_gateways(network: Network) -> Iterator[str]:
    """Gateways that are attached to no VPC of this stack, and those that were made elsewhere."""
    known = {gateway.id for gateway in network.gateways}
    for gateway in network.gateways:
        if gateway.vpc is None:
            yield f"{quote(gateway.id)} [label=<{gateway_label(gateway)}>];"
    for elsewhere in sorted({one.gateway for one in network.connections} - known):
        yield f'{quote(elsewhere)} [shape=box style=rounded label="{elsewhere}"];'


def _address_edges(network: Network) -> Iterator[str]:
    """From each device to the Elastic IP that it has, and dashed from those that may take it."""
    subnets = _subnets_by_instance(network)
    for vpc in network.vpcs:
        for address in _addresses_of(network, vpc):
            end = f"{quote(_internet_gateway(vpc))}:{quote(address.id)}:w"
            if address.held_by:
                yield f"{_device(subnets, address.held_by)}:e -> {end} [{attributes(PATH)}];"
            for device in address.may_move_to:
                yield f"{_device(subnets, device)}:e -> {end} [{attributes(PATH | {'style': 'dashed'})}];"


def _device(subnets: dict[str, Subnet], instance: str) -> str:
    return f"{quote(subnets[instance].id)}:{quote(instance)}"


def _tunnel_edges(network: Network, connection: Connection) -> Iterator[str]:
    start = quote(connection.address)
    for vpc in network.vpcs:
        if connection.address in {address.id for address in _addresses_of(network, vpc)}:
            start = f"{quote(_internet_gateway(vpc))}:{quote(connection.address)}:e"
    for tunnel in connection.tunnels:
        style = attributes(TUNNEL if tunnel.devices else UNUSED_TUNNEL)
        port = f"{quote(connection.id)}:tunnel{tunnel.number}"
        yield f"{start} -> {port}:w [{style}];"
        yield f"{port}:e -> {quote(connection.gateway)}:w [{style}];"


def _route_edges(network: Network) -> Iterator[str]:
    """From each private subnet to the device that its route points at, or to the gateway that it learns from."""
    subnets = _subnets_by_instance(network)
    devices = {one.name: one.id for subnet in subnets.values() for one in subnet.instances}
    for vpc in network.vpcs:
        yield from _columns(vpc)
        gateways = [gateway.id for gateway in network.gateways if gateway.vpc == vpc.id]
        for subnet in vpc.subnets:
            for route in subnet.routes:
                if route.target in devices:
                    end = _device(subnets, devices[route.target])
                    yield f"{quote(subnet.id)}:e -> {end}:w [{attributes(ROUTE)}];"
                elif route.is_learned and gateways:
                    yield f"{quote(gateways[0])}:e -> {quote(subnet.id)}:w [{attributes(ROUTE | {'dir': 'back'})}];"


def _attachment_edges(network: Network) -> Iterator[str]:
    """From a transit gateway to the subnets by which it reaches its VPCs."""
    for gateway in network.gateways:
        for subnet in gateway.subnets:
            yield f"{quote(gateway.id)}:e -> {quote(subnet)}:w [{attributes(ROUTE | {'dir': 'both'})}];"


def _columns(vpc: Vpc) -> Iterator[str]:
    """Invisible edges that make a column of each tier, private left of public."""
    public = [subnet.id for subnet in vpc.subnets if subnet.is_public]
    private = [subnet.id for subnet in vpc.subnets if not subnet.is_public]
    yield from (f"{quote(left)} -> {quote(right)} [style=invis];" for left in private for right in public)


def _pair_edges(network: Network) -> Iterator[str]:
    subnets = _subnets_by_instance(network)
    for pair in network.pairs:
        first, second = subnets[pair.first], subnets[pair.second]
        label = ", ".join(pair.protocols)
        yield f'{quote(first.id)}:s -> {quote(second.id)}:n [{attributes(PAIR)} xlabel="{label}   "];'


def _client_vpns(network: Network) -> Iterator[str]:
    """Client VPN endpoints, each with the subnets that its clients come in through."""
    for endpoint in network.client_vpns:
        yield f"{quote(endpoint.id)} [label=<{client_vpn_label(endpoint)}>];"
        for subnet in endpoint.subnets:
            yield f"{quote(subnet)}:e -> {quote(endpoint.id)}:w [{attributes(TUNNEL)}];"
