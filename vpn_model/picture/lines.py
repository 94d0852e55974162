"""The lines of a picture: tunnels, who holds an address, where routes lead, what is attached, who are partners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vpn_model.picture.blocks import Placed
from vpn_model.picture.gateway_blocks import CLIENT_VPN_HEIGHT, SAID
from vpn_model.picture.lanes import CLOUD_VPC, CONNECTION, CONNECTION_WIDTH, Lanes
from vpn_model.picture.paths import Line, around, arrow, curve
from vpn_model.picture.tunnel_state import tunnel_state
from vpn_model.picture.view import View
from vpn_model.routing import RouteTable

STEP = 5.0
"""The distance between the trunks of neighbors."""
TRUNKS = 5
PARTNERS = 26.0
"""How far on the right of two devices the line between them is: outside of subnet and zone, in the VPC's gutter."""
HEADER = 16.0
"""How far below the top of a box lines begin and end that mean the whole box."""
ROUTE, ATTACHMENT = 11.0, 21.0
"""The same for subnets, at which both may end."""


def all_lines(view: View, lanes: Lanes) -> list[Line]:
    return [
        *_address_lines(view, lanes),
        *_tunnel_lines(view, lanes),
        *_connection_lines(view, lanes),
        *_client_vpn_lines(view, lanes),
        *_gateway_lines(view, lanes),
        *_route_lines(view, lanes),
        *_pair_lines(view, lanes),
    ]


def _address_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    """From each device to the Elastic IP that it holds, and to those that it may take."""
    for address in view.site_addresses:
        holder = view.holder_of(address)
        takers = view.devices.may_take_address.get(address.id, ()) if view.devices else ()
        end = lanes.by_id[view.id(address.id)]
        for instance in dict.fromkeys((*((holder,) if holder else ()), *takers)):
            start = lanes.by_id.get(view.id(instance))
            if start is None:
                continue
            kind, says = ("held", "holds") if instance == holder else ("may-move", "may take")
            path, middle = curve((start.right, start.y + HEADER), (end.x, end.middle))
            title = f"{view.name(instance)} {says} the Elastic IP {view.name(address.id)}"
            yield Line(view.line_id(instance, address.id), kind, title, path, middle)


def _tunnel_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    for connection in view.connections:
        start = lanes.by_id.get(view.id(view.start_of(connection)))
        if start is None or start.x >= CONNECTION:
            continue
        for number in range(1, len(connection.tunnels) + 1):
            end = lanes.by_id[view.id(connection.id, f"tunnel{number}")]
            path, middle = curve((start.right, start.middle), (end.x, end.middle))
            state = tunnel_state(view, connection, number)
            title = f"tunnel {number} of {view.name(connection.id)}: {SAID[state]}"
            yield Line(view.line_id(connection.id, str(number)), state, title, path, middle)


def _connection_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    """From each connection to its gateway. Those of one gateway join."""
    gateways = list(dict.fromkeys(one.gateway_id for one in view.connections if one.gateway_id))
    for connection in view.connections:
        if connection.gateway_id:
            start, end = lanes.by_id[view.id(connection.id)], lanes.by_id[view.id(connection.gateway_id)]
            trunk = CONNECTION + CONNECTION_WIDTH + 8 + STEP * (gateways.index(connection.gateway_id) % 3)
            path, middle = around((start.right, start.y + HEADER), (end.x, end.y + HEADER), trunk)
            title = f"{view.name(connection.id)} ends at {view.name(connection.gateway_id)}"
            yield Line(view.line_id(connection.id), "attachment", title, path, middle)


def _client_vpn_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    for position, endpoint in enumerate(view.ordered(view.network.client_vpn_endpoints.values())):
        box, clients = lanes.by_id[view.id(endpoint.id)], lanes.by_id[view.id(endpoint.id, "clients")]
        path, middle = curve((clients.right, clients.middle), (box.x, clients.middle))
        title = f"clients of {view.name(endpoint.id)}"
        yield Line(view.line_id(endpoint.id), "clients-line", title, path, middle)
        targets = [one.subnet_id for one in endpoint.associations]
        yield from _attachments(view, lanes, endpoint.id, targets, position=position, y=box.y + CLIENT_VPN_HEIGHT / 2)


def _gateway_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    """From each gateway to the subnets of a transit gateway's attachments, and to those that route to it."""
    network = view.network
    position = len(network.client_vpn_endpoints)
    for transit in view.ordered(network.transit_gateways.values()):
        attached = transit.of_kind("vpc")
        targets = [target for one in attached for target in _drawn(view, lanes, one.subnet_ids) or [one.resource_id]]
        yield from _attachments(view, lanes, transit.id, targets, position=position)
        position += 1
    for virtual in view.ordered(network.vpn_gateways.values()):
        tables = [one for one in network.route_tables.values() if one.vpc_id == virtual.vpc_id]
        learning = [one for one in tables if virtual.id in one.propagating_gateway_ids]
        created = [
            one
            for one in tables
            if any((route.target_id, route.origin) == (virtual.id, "created") for route in one.routes)
        ]
        if virtual.vpc_id and not learning and not created:
            yield from _attachments(view, lanes, virtual.id, [virtual.vpc_id], position=position)
        trunk = _trunk(position)
        yield from _routes_to(view, lanes, virtual.id, _subnets(view, created), kind="route", trunk=trunk)
        yield from _routes_to(view, lanes, virtual.id, _subnets(view, learning), kind="learned", trunk=trunk)
        position += 1


def _drawn(view: View, lanes: Lanes, identifiers: Iterable[str]) -> list[str]:
    """The ids of the boxes on the right of the gateways."""
    boxes = {one: lanes.by_id.get(view.id(one)) for one in identifiers}
    return [one for one, box in boxes.items() if box and box.x >= CLOUD_VPC]


def _trunk(position: int) -> float:
    return CLOUD_VPC - 8 - STEP * (position % TRUNKS)


def _attachments(
    view: View, lanes: Lanes, gateway: str, targets: Iterable[str], *, position: int, y: float = 0
) -> Iterator[Line]:
    start = lanes.by_id[view.id(gateway)]
    for target in _drawn(view, lanes, targets):
        end = lanes.by_id[view.id(target)]
        tip = (end.x, end.y + ATTACHMENT)
        path, middle = around((start.right, y or start.y + HEADER), tip, _trunk(position))
        title = f"{view.name(gateway)} is attached to {view.name(target)}"
        yield Line(view.line_id(gateway, target), "attachment", title, path, middle)


def _routes_to(
    view: View, lanes: Lanes, gateway: str, subnets: Iterable[str], *, kind: str, trunk: float
) -> Iterator[Line]:
    """Routes of subnets on the right of a gateway; the arrow is at the gateway."""
    end = lanes.by_id[view.id(gateway)]
    for subnet in _drawn(view, lanes, subnets):
        start = lanes.by_id[view.id(subnet)]
        tip = (end.right, end.y + HEADER)
        # all from the gateway on, so that the dashes of those that share a way are the same
        path, middle = around(tip, (start.x, start.y + ROUTE), trunk)
        says = "learns routes from" if kind == "learned" else "routes to"
        title = f"{view.name(subnet)} {says} {view.name(gateway)}"
        yield Line(view.line_id(subnet, gateway, kind), kind, title, path, middle, (arrow(tip, to_right=False),))


def _route_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    """From the subnets with a route to an instance to the instance, on the left of their VPC."""
    network = view.network
    for table in network.route_tables.values():
        targets = {
            interface.instance_id if (interface := network.interfaces.get(route.target_id)) else route.target_id
            for route in table.routes
            if route.target_kind in {"network interface", "instance"} and not route.is_blackhole
        }
        for subnet in _subnets(view, [table]):
            for target in sorted(one for one in targets if one):
                yield from _route_line(view, lanes, subnet, target)


def _route_line(view: View, lanes: Lanes, subnet: str, instance: str) -> Iterator[Line]:
    start, end = lanes.by_id.get(view.id(subnet)), lanes.by_id.get(view.id(instance))
    vpc = lanes.by_id.get(view.id(network.vpc_id)) if (network := view.network.subnets.get(subnet)) else None
    if start and end and vpc:
        devices = [one for one in vpc.all() if one.block.kind in {"device", "instance"}]
        trunk = vpc.x + 18 - STEP * ([one.block.id for one in devices].index(end.block.id) % 3 if end in devices else 0)
        tip = (end.x, end.y + HEADER)
        path, middle = around((start.x, start.y + ROUTE), tip, trunk)
        title = f"{view.name(subnet)} routes to {view.name(instance)}"
        yield Line(view.line_id(subnet, instance), "route", title, path, middle, (arrow(tip, to_right=True),))


def _subnets(view: View, tables: Iterable[RouteTable]) -> list[str]:
    """The subnets that use one of some route tables."""
    wanted = {one.id for one in tables}
    tables_of = ((one, view.network.route_table_of(one)) for one in view.network.subnets)
    return [subnet for subnet, table in tables_of if table and table.id in wanted]


def _pair_lines(view: View, lanes: Lanes) -> Iterator[Line]:
    for pair in view.devices.pairs if view.devices else ():
        first, second = lanes.by_id.get(view.id(pair.first)), lanes.by_id.get(view.id(pair.second))
        if first and second:
            start, end = _partner_end(first), _partner_end(second)
            path, middle = around(start, end, max(first.right, second.right) + PARTNERS)
            title = f"{view.name(pair.first)} and {view.name(pair.second)}: {', '.join(pair.protocols)}"
            arrows = (arrow(start, to_right=False), arrow(end, to_right=False))
            yield Line(view.line_id(pair.first, pair.second), "pair", title, path, middle, arrows)


def _partner_end(box: Placed) -> tuple[float, float]:
    return (box.right, box.bottom - 12)
