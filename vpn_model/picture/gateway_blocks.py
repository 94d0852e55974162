"""The boxes of AWS's end: gateways, connections with their tunnels, Client VPN endpoints; and customer gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vpn_model.client_vpn import ClientVpnEndpoint
from vpn_model.connection import VpnConnection
from vpn_model.gateways import CustomerGateway
from vpn_model.hosts import ElasticIp
from vpn_model.picture.blocks import DETAIL, Block, Row
from vpn_model.picture.names import known_or
from vpn_model.picture.text import clean, fit
from vpn_model.picture.tunnel_state import tunnel_state
from vpn_model.picture.view import View
from vpn_model.transit import TransitAttachment, TransitGateway, TransitTable
from vpn_model.unknown import Number, Unknown

CONNECTION_HEIGHT = 160.0
"""The height of every connection's box: all have the same number of lines."""
CLIENT_VPN_HEIGHT = 98.0
"""The height of every Client VPN endpoint's box: that of the longest one."""
MARK_ROOM = 18.0
NAME_ROOM = 132.0
"""The most width of a name in a list."""
SMALL_LIST = 3
"""How many names of a list are shown; for the others, only their number is."""


def connection_block(view: View, connection: VpnConnection) -> Block:
    name = view.name(connection.id)
    routes = [str(one.destination) for one in connection.static_routes]
    more = f" and {len(routes) - 1} more" if len(routes) > 1 else ""
    routing = f"static: {routes[0] if routes else 'no route'}{more}" if connection.static_routes_only is True else "BGP"
    rows = (
        Row(name, is_title=True),
        Row(", ".join(["VPN connection", *_kinds(connection)])),
        Row(
            f"from {view.name(connection.customer_gateway_id)}{_asn_of(view, connection)}",
            id=_customer_gateway_id(view, connection),
        ),
        Row(routing),
    )
    return Block(
        id=view.id(connection.id),
        kind="connection",
        title=f"VPN connection {name}",
        description="; ".join([rows[2].text, f"static: {', '.join(routes)}" if routes else routing]),
        rows=rows,
        children=tuple(_tunnel(view, connection, number) for number in range(1, len(connection.tunnels) + 1)),
        states=view.states(connection.id),
    )


def _customer_gateway_id(view: View, connection: VpnConnection) -> str:
    """The id of a customer gateway without a box, on the first of its connections."""
    gateway = connection.customer_gateway_id
    first = next(one for one in view.connections if one.customer_gateway_id == gateway)
    return view.id(gateway) if first is connection and view.start_of(connection) != gateway else ""


def _kinds(connection: VpnConnection) -> Iterator[str]:
    """What is special about a connection."""
    if connection.tunnel_bandwidth == "large":
        yield "large tunnels"
    if connection.outside_address_type == "PrivateIpv4":
        yield "private addresses"
    if connection.acceleration is True:
        yield "accelerated"
    if connection.concentrator_id:
        yield "concentrator"
    if connection.core_network_arn:
        yield "Cloud WAN"


def _asn_of(view: View, connection: VpnConnection) -> str:
    gateway = view.network.customer_gateways.get(connection.customer_gateway_id)
    return f", {_asn(gateway.asn)}" if gateway else ""


def _asn(asn: Number) -> str:
    return "AS not known" if isinstance(asn, Unknown) else f"AS {asn}"


def _tunnel(view: View, connection: VpnConnection, number: int) -> Block:
    tunnel = connection.tunnels[number - 1]
    state = tunnel_state(view, connection, number)
    inside = known_or(tunnel.inside_cidr, "")
    outside = known_or(tunnel.outside_address, "outside address known after the deployment")
    told = tunnel.telemetry
    says = [told.message, f"{told.accepted_routes} routes accepted"] if told else []
    return Block(
        id=view.id(connection.id, f"tunnel{number}"),
        kind="tunnel",
        title=f"tunnel {number} of {view.name(connection.id)}: {SAID[state]}",
        description="; ".join(one for one in (f"inside {inside or 'chosen by AWS'}", outside, *says) if one),
        rows=(Row(f"tunnel {number} · {inside}" if inside else f"tunnel {number}", lines=2),),
        text_left=MARK_ROOM,
        states=(state,),
    )


SAID = {
    "up": "up",
    "down": "down",
    "planned": "not deployed, or its state is not known",
    "unused": "no device is configured for it",
}


def customer_gateway_block(view: View, identifier: str, gateway: CustomerGateway | None) -> Block:
    """A device that is not in the network: a real one, at its site."""
    name = view.name(identifier)
    rows = [Row(name, is_title=True, lines=2)]
    if gateway is None:
        rows.append(Row("customer gateway, not read"))
    else:
        rows.append(Row(f"customer gateway, {_asn(gateway.asn)}"))
        rows.append(Row(known_or(gateway.address, "address not known") if gateway.address else "certificate"))
    return Block(
        id=view.id(identifier),
        kind="device",
        title=f"customer gateway {name}",
        description="; ".join(row.text for row in rows[1:]),
        rows=tuple(rows),
        states=view.states(identifier),
    )


def address_block(view: View, address: ElasticIp) -> Block:
    holder = view.holder_of(address)
    takers = view.devices.may_take_address.get(address.id, ()) if view.devices else ()
    said = [f"held by {view.name(holder)}" if holder else "held by nobody"]
    said += [f"may move to {view.name(one)}" for one in takers if one != holder]
    shown = known_or(address.address, "") or view.name(address.id)
    return Block(
        id=view.id(address.id),
        kind="address",
        title=f"Elastic IP {view.name(address.id)}",
        description="; ".join([shown, *said]),
        rows=(Row("Elastic IP", is_title=True), Row(shown)),
        states=() if holder else ("free",),
    )


def gateway_block(view: View, identifier: str) -> Block:
    """A virtual private gateway, a transit gateway, or what a connection names and was not read."""
    name, network = view.name(identifier), view.network
    virtual, transit = network.vpn_gateways.get(identifier), network.transit_gateways.get(identifier)
    rows = [Row(name, is_title=True, lines=2)]
    if virtual:
        rows += [Row("virtual private gateway", lines=2), Row(_asn(virtual.asn))]
    elif transit:
        rows += [Row("transit gateway"), Row(_asn(transit.asn))]
        if not isinstance(transit.ecmp, Unknown):
            rows.append(Row("uses equal paths" if transit.ecmp else "uses one of equal paths", lines=2))
        rows += [
            Row(f"{one.kind.replace('-', ' ')} {view.name(one.resource_id)}", lines=2) for one in _others(view, transit)
        ]
        rows += [row for table in transit.tables for row in _table_rows(view, transit, table)]
    else:
        rows.append(Row("gateway, not read"))
    return Block(
        id=view.id(identifier),
        kind="gateway",
        title=f"{rows[1].text} {name}",
        description="; ".join(row.text for row in rows[2:]),
        rows=tuple(rows),
        states=view.states(identifier),
    )


def _others(view: View, gateway: TransitGateway) -> list[TransitAttachment]:
    """The attachments to which no line leads."""
    drawn = {*view.vpc_ids, *view.network.vpn_connections}
    return [one for one in gateway.attachments if one.resource_id not in drawn]


def _table_rows(view: View, gateway: TransitGateway, table: TransitTable) -> list[Row]:
    names = {one.id: view.name(one.resource_id) for one in gateway.attachments}
    associated = [names[one.id] for one in gateway.attachments if one.table_id == table.id]
    learned = [names.get(one, one) for one in table.propagating_attachment_ids]
    static = [str(one.destination) for one in table.routes if one.origin == "static"]
    rows = [Row(f"route table {view.name(table.id)}", kind="table", lines=2)]
    rows += [Row(f"for {_some(associated)}", lines=4)] if associated else []
    rows += [Row(f"learns from {_some(learned)}", lines=4)] if learned else []
    rows += [Row(f"routes {_some(static)}", lines=4)] if static else []
    return rows


def client_vpn_block(view: View, endpoint: ClientVpnEndpoint) -> Block:
    name = view.name(endpoint.id)
    allowed = dict.fromkeys(str(one.destination) for one in endpoint.authorization_rules)
    rows = (
        Row(name, is_title=True),
        Row(f"Client VPN endpoint, {endpoint.protocol} {endpoint.port}"),
        Row(f"clients may enter {_some(allowed) or 'nothing'}", lines=2),
        Row("split tunnel" if endpoint.split_tunnel is True else "all traffic of the clients goes through it"),
    )
    return Block(
        id=view.id(endpoint.id),
        kind="gateway",
        title=f"Client VPN endpoint {name}",
        description="; ".join(row.text for row in rows[1:]),
        rows=rows,
        height=CLIENT_VPN_HEIGHT,
        states=view.states(endpoint.id),
    )


def clients_block(view: View, endpoint: ClientVpnEndpoint) -> Block:
    return Block(
        id=view.id(endpoint.id, "clients"),
        kind="clients",
        title=f"clients of {view.name(endpoint.id)}",
        description=str(endpoint.client_cidr),
        rows=(Row("Clients", is_title=True), Row(str(endpoint.client_cidr))),
    )


def _some(names: Iterable[str]) -> str:
    listed = [fit(clean(name), NAME_ROOM, DETAIL) for name in names]
    more = len(listed) - SMALL_LIST
    return ", ".join(listed) if more <= 1 else f"{', '.join(listed[:SMALL_LIST])} and {more} more"
