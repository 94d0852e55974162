"""The box of a VPC: zones, subnets, what stands in them, and where their routes lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from vpn_model.hosts import Instance, Interface
from vpn_model.picture.blocks import Block, Row
from vpn_model.picture.names import known_or, zone_name
from vpn_model.picture.view import View
from vpn_model.routing import Route, RouteTable
from vpn_model.vpc import NatGateway, Subnet

GUTTER = 18.0
"""The room on the left of the zones, for the lines of routes."""
PAIR_GUTTER = 16.0
"""The room on the right of the zones of a site, for the lines between partners."""
MOST_ROUTES = 8


def vpc_block(view: View, vpc_id: str, *, is_site: bool) -> Block:
    """The box of a VPC, read or only mentioned."""
    vpc = view.network.vpcs.get(vpc_id)
    name = view.name(vpc_id)
    cidrs = ", ".join(map(str, vpc.cidrs)) if vpc else "not read"
    rows = [Row(name, is_title=True, lines=2), Row(f"VPC {cidrs}", lines=2)]
    gateway = view.network.internet_gateway_of(vpc_id)
    if gateway:
        rows.append(Row("with an internet gateway", id=view.id(gateway.id)))
    zones = groupby(view.subnets_of(vpc_id), key=lambda one: zone_name(one.zone))
    return Block(
        id=view.id(vpc_id),
        kind="site-vpc" if is_site else "vpc",
        title=f"VPC {name}",
        description=cidrs,
        rows=tuple(rows),
        children=tuple(_zone(view, vpc_id, zone, list(subnets)) for zone, subnets in zones),
        left=GUTTER,
        right=PAIR_GUTTER if is_site else 0,
        states=view.states(vpc_id),
    )


def _zone(view: View, vpc_id: str, zone: str, subnets: list[Subnet]) -> Block:
    return Block(
        id=view.id(vpc_id, "zone", zone),
        kind="zone",
        title=zone,
        rows=(Row(zone or "zone not known", lines=2),),
        children=tuple(_subnet(view, subnet) for subnet in subnets),
    )


def _subnet(view: View, subnet: Subnet) -> Block:
    tier = "public" if view.network.is_public(subnet.id) else "private"
    cidr = str(subnet.cidr) or ", ".join(map(str, subnet.ipv6_cidrs)) or view.name(subnet.id)
    table = view.network.route_table_of(subnet.id)
    routes = tuple(_route_rows(view, table)) if table else ()
    gateways = (one for one in view.network.nat_gateways.values() if one.subnet_id == subnet.id)
    endpoints = (one for one in view.network.instance_connect_endpoints.values() if one.subnet_id == subnet.id)
    ways_in = (Row("Instance Connect Endpoint", id=view.id(one.id)) for one in view.ordered(endpoints))
    return Block(
        id=view.id(subnet.id),
        kind=tier,
        title=f"{tier} subnet {view.name(subnet.id)}",
        description="; ".join([cidr, *(row.text for row in routes)]),
        rows=(Row(f"{tier} subnet {cidr}", lines=2), *routes, *ways_in),
        children=(
            *(_instance(view, one) for one in view.instances_in(subnet.id)),
            *(_nat_gateway(view, one) for one in view.ordered(gateways)),
        ),
        states=view.states(subnet.id),
    )


def _route_rows(view: View, table: RouteTable) -> Iterator[Row]:
    """A row for each route that was created, and one for each gateway that routes are learned from.

    How many rows there are does not depend on what was learned.
    """
    # AWS gives them in another order after a change
    created = sorted((one for one in table.routes if one.origin == "created"), key=lambda one: str(one.destination))
    for route in created[:MOST_ROUTES]:
        lost = ", blackhole" if route.is_blackhole else ""
        yield Row(f"{route.destination} via {target_name(view, route)}{lost}")
    if len(created) > MOST_ROUTES:
        yield Row(f"and {len(created) - MOST_ROUTES} more routes")
    takers = view.devices.may_take_routes.get(table.id, ()) if view.devices else ()
    movable = any(one.target_kind in {"network interface", "instance"} for one in created)
    if movable and len(takers) > 1:
        yield Row(f"moves between {' and '.join(view.name(one) for one in takers)}", lines=2)
    for gateway in table.propagating_gateway_ids:
        learned = [one for one in table.routes if one.origin == "propagated" and one.target_id == gateway]
        shown = str(learned[0].destination) if learned else "routes"
        more = f" and {len(learned) - 1} more" if len(learned) > 1 else ""
        yield Row(f"learns {shown}{more}")


def target_name(view: View, route: Route) -> str:
    """The target of a route: the name of the instance behind an interface, the kind of what has no name."""
    interface = view.network.interfaces.get(route.target_id)
    if interface and interface.instance_id:
        return view.name(interface.instance_id)
    return route.target_kind if route.target_kind == "internet gateway" else view.name(route.target_id)


def _instance(view: View, instance: Instance) -> Block:
    network = view.network
    ends = network.interfaces_of(instance.id)
    addresses = [known_or(one.private, "address by AWS") for end in ends for one in end.addresses]
    is_running = instance.state in {"planned", "pending", "running"}
    rows = [Row(view.name(instance.id), is_title=True, lines=2)]
    rows.append(Row(" · ".join([str(instance.instance_type) if is_running else instance.state, *addresses[:1]])))
    rows += [Row(f"and {address}") for address in addresses[1:]]
    rows += _public_rows(view, ends)
    for pair in view.devices.pairs if view.devices else ():
        if instance.id in (pair.first, pair.second):
            partner = pair.second if instance.id == pair.first else pair.first
            rows.append(Row(f"{', '.join(pair.protocols)} with {view.name(partner)}", lines=2))
    is_device = any(end.source_dest_check is False for end in ends)
    kind = "device" if is_device else "instance"
    stopped = () if is_running else ("stopped",)
    return Block(
        id=view.id(instance.id),
        kind=kind,
        title=f"{'customer gateway device' if is_device else 'instance'} {view.name(instance.id)}, {instance.state}",
        description="; ".join(row.text for row in rows[1:]),
        rows=tuple(rows),
        states=(*stopped, *view.states(instance.id)),
    )


def _public_rows(view: View, ends: Iterable[Interface]) -> Iterator[Row]:
    """The public addresses that have no box of their own."""
    boxes = {one.id for one in view.site_addresses}
    for address in (one for end in ends for one in end.addresses):
        if address.public is not None and address.allocation_id not in boxes:
            identifier = view.id(address.allocation_id) if address.allocation_id else ""
            yield Row(f"public {known_or(address.public, 'address by AWS')}", id=identifier)


def _nat_gateway(view: View, gateway: NatGateway) -> Block:
    public = [known_or(one.public, "") for one in gateway.addresses]
    rows = (Row(view.name(gateway.id), is_title=True, lines=2), Row(f"NAT gateway {' '.join(public)}"))
    return Block(view.id(gateway.id), "instance", f"NAT gateway {view.name(gateway.id)}", rows=rows)
