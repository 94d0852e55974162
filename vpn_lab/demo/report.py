"""What the demonstration prints, and the checks that decide its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vpn_model.connection import Tunnel
from vpn_model.network import Network, StackResource
from vpn_model.printable import printable
from vpn_model.read_api.inventory import Inventory
from vpn_model.routing import Route, RouteTable

ORIGINS = {"local": "the VPC", "created": "the stack"}
WEAK_GROUPS = {2, 5, 22, 23, 24}


class Checks:
    """Prints the result of each check and collects the failures."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.failures: list[str] = []

    def that(self, holds: bool, claim: str) -> None:
        mark = ("✓", "green") if holds else ("✗", "red")
        self.console.print(Text.assemble("  ", mark, " ", printable(claim)), highlight=False, soft_wrap=True)
        if not holds:
            self.failures.append(claim)


def short(name: str, identifier: str) -> str:
    """Return a name without the stack, the first part of the CDK's path: everything here is in the same stack."""
    return name.partition("/")[2] or name or identifier


def show_resources(console: Console, resources: Sequence[StackResource]) -> None:
    """Print one line per service with the number of resources of each type."""
    services: dict[str, Counter[str]] = {}
    for one in resources:
        service, _, name = one.type.removeprefix("AWS::").rpartition("::")
        services.setdefault(service, Counter())[name] += 1
    table = _table(f"{len(resources)} resources")
    table.add_column("Service", no_wrap=True)
    table.add_column("Resources")
    for service, kinds in sorted(services.items()):
        table.add_row(service, ", ".join(f"{count} {name}" for name, count in sorted(kinds.items())))
    console.print(table)


def show_tunnels(console: Console, network: Network) -> None:
    """Print the tunnels with their states, and what AWS accepts on them."""
    table = _table("Tunnels")
    for title in ("Connection", "Outside address", "Inside", "Status"):
        table.add_column(title, no_wrap=True)
    accepted: dict[str, None] = {}
    for connection in network.vpn_connections.values():
        for number, tunnel in enumerate(connection.tunnels):
            name = "" if number else short(connection.name, connection.id)
            status = tunnel.telemetry.status if tunnel.telemetry else ""
            table.add_row(name, str(tunnel.outside_address), str(tunnel.inside_cidr), status)
            accepted[_accepts(tunnel)] = None
    console.print(table)
    for line in accepted:
        console.print(f"  AWS accepts only: {line}", highlight=False)
    console.print()


def _accepts(tunnel: Tunnel) -> str:
    options = tunnel.options
    parts = {
        "IKE": options.ike_versions,
        "encryption": (*options.phase1_encryption, *options.phase2_encryption),
        "integrity": (*options.phase1_integrity, *options.phase2_integrity),
        "DH groups": (*options.phase1_dh_groups, *options.phase2_dh_groups),
    }
    return "; ".join(f"{word} {', '.join(str(one) for one in dict.fromkeys(part))}" for word, part in parts.items())


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def show_gateways(console: Console, network: Network) -> None:
    """Print the connections with their customer gateways and their routing."""
    table = _table("Connections")
    for title in ("Connection", "Id", "Customer gateway", "ASN", "Routing"):
        table.add_column(title, no_wrap=title != "Routing")
    for one in network.vpn_connections.values():
        routes = ", ".join(str(route.destination) for route in one.static_routes)
        routing = f"static: {routes or 'no route'}" if one.static_routes_only else "BGP"
        customer = network.customer_gateways[one.customer_gateway_id]
        table.add_row(short(one.name, one.id), one.id, str(customer.address), str(customer.asn), routing)
    console.print(table)


def show_routes(console: Console, route_tables: Iterable[RouteTable]) -> None:
    """Print the routes of route tables that have a name."""
    table = _table("Routes")
    for title in ("Route table", "Destination", "Target", "From"):
        table.add_column(title, no_wrap=True)
    for one in sorted((one for one in route_tables if one.name), key=lambda one: one.name):
        rows = [(str(route.destination), route.target_id, _origin(route)) for route in one.routes]
        rows += [("learned routes", gateway, "propagation") for gateway in one.propagating_gateway_ids]
        for number, row in enumerate(rows):
            name = "" if number else short(one.name, one.id).replace("/Vpc/", " ")
            table.add_row(name, *row)
    console.print(table)


def _origin(route: Route) -> str:
    return ORIGINS.get(route.origin, route.origin) + ("" if route.state == "active" else f" ({route.state})")


def check_stack(checks: Checks, network: Network) -> None:
    """Check what every scenario's stack has."""
    connections = network.vpn_connections.values()
    tunnels = [tunnel for connection in connections for tunnel in connection.tunnels]
    addresses = {tunnel.outside_address for tunnel in tunnels}
    outputs = set(network.stack.outputs.values()) if network.stack else set()
    options = [tunnel.options for tunnel in tunnels]
    checks.that(bool(connections), "the stack has a VPN connection")
    checks.that(all(one.state == "available" for one in connections), "every connection is available")
    checks.that(all(len(one.tunnels) == 2 for one in connections), "every connection has two tunnels")
    checks.that(len(addresses) == len(tunnels), "every tunnel has its own outside address")
    checks.that(addresses <= outputs, "the stack outputs show the same outside addresses as the API")
    checks.that(all(one.ike_versions == ("ikev2",) for one in options), "every tunnel accepts IKEv2 only")
    checks.that(
        not any(WEAK_GROUPS & {*one.phase1_dh_groups, *one.phase2_dh_groups} for one in options),
        "no tunnel accepts a weak DH group",
    )
    checks.that(
        not any("SHA1" in (*one.phase1_integrity, *one.phase2_integrity) for one in options),
        "no tunnel accepts SHA-1",
    )
    gateways = {one.vpn_gateway_id for one in connections if one.vpn_gateway_id}
    propagating = {gateway for one in network.route_tables.values() for gateway in one.propagating_gateway_ids}
    checks.that(gateways <= propagating, "each virtual private gateway propagates its routes to a route table")


def show_leftovers(console: Console, checks: Checks, before: Inventory, during: Inventory, after: Inventory) -> None:
    """Print what existed before, during and after the deployment, and check that nothing new is left."""
    table = _table("What exists")
    for title in ("Kind", "Before", "Deployed", "After"):
        table.add_column(title, justify="left" if title == "Kind" else "right")
    for kind in sorted(during.found):
        counts = (len(one.found.get(kind, ())) for one in (before, during, after))
        table.add_row(kind, *(str(count) for count in counts))
    console.print(table)
    left = after.new_since(before)
    remaining = ", ".join(sorted(name for names in left.values() for name in names))
    checks.that(not left, "nothing is left" + (f" but {remaining}" if left else ""))
