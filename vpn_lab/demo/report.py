"""What the demonstration prints, and the checks that decide its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

from vpn_lab.inventory import Inventory
from vpn_lab.readback import ConnectionView, RouteTableView, StackView

ORIGINS = {
    "CreateRouteTable": "the VPC",
    "CreateRoute": "the stack",
    "EnableVgwRoutePropagation": "propagated",
}


class Checks:
    """Prints the result of each check and collects the failures."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.failures: list[str] = []

    def that(self, holds: bool, claim: str) -> None:
        self.console.print("  [green]✓[/green] " if holds else "  [red]✗[/red] ", end="")
        self.console.print(claim, highlight=False, markup=False, soft_wrap=True)
        if not holds:
            self.failures.append(claim)


def short(name: str, identifier: str) -> str:
    """Return a name without the stack, the first part of the CDK's path: everything here is in the same stack."""
    return name.partition("/")[2] or name or identifier


def show_resources(console: Console, stack: StackView) -> None:
    """Print one line per service with the number of resources of each type."""
    services: dict[str, Counter[str]] = {}
    for kind, _ in stack.resources:
        service, _, name = kind.removeprefix("AWS::").rpartition("::")
        services.setdefault(service, Counter())[name] += 1
    table = _table(f"{len(stack.resources)} resources")
    table.add_column("Service", no_wrap=True)
    table.add_column("Resources")
    for service, kinds in sorted(services.items()):
        table.add_row(service, ", ".join(f"{count} {name}" for name, count in sorted(kinds.items())))
    console.print(table)


def show_tunnels(console: Console, connections: Iterable[ConnectionView]) -> None:
    table = _table("Tunnels")
    for title in ("Connection", "Outside address", "Inside", "Status"):
        table.add_column(title, no_wrap=True)
    accepted: dict[str, None] = {}
    for connection in connections:
        for number, tunnel in enumerate(connection.tunnels):
            name = "" if number else short(connection.name, connection.identifier)
            table.add_row(name, tunnel.outside_address, tunnel.inside_cidr, tunnel.status)
            parts = (tunnel.ike_versions, tunnel.encryption, tunnel.integrity, tunnel.dh_groups)
            words = ("IKE", "encryption", "integrity", "DH groups")
            accepted["; ".join(f"{word} {_listed(part)}" for word, part in zip(words, parts, strict=True))] = None
    console.print(table)
    for line in accepted:
        console.print(f"  AWS accepts only: {line}", highlight=False)
    console.print()


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values) or "any"


def show_gateways(console: Console, connections: Iterable[ConnectionView]) -> None:
    table = _table("Connections")
    for title in ("Connection", "Id", "Customer gateway", "ASN", "Routing"):
        table.add_column(title, no_wrap=title != "Routing")
    for one in connections:
        routing = f"static: {', '.join(one.static_routes) or 'no route'}" if one.static else "BGP"
        name = short(one.name, one.identifier)
        table.add_row(name, one.identifier, one.customer_address, one.customer_asn, routing)
    console.print(table)


def show_routes(console: Console, route_tables: Iterable[RouteTableView]) -> None:
    table = _table("Routes")
    for title in ("Route table", "Destination", "Target", "From"):
        table.add_column(title, no_wrap=True)
    for one in sorted(route_tables, key=lambda one: one.name):
        rows = [
            (to, target, ORIGINS.get(origin, origin) + ("" if state == "active" else f" ({state})"))
            for to, target, origin, state in one.routes
        ]
        rows += [("learned routes", gateway, "propagation") for gateway in one.propagating]
        for number, row in enumerate(rows):
            name = "" if number else short(one.name, one.identifier).replace("/Vpc/", " ")
            table.add_row(name, *row)
    console.print(table)


def check_stack(checks: Checks, stack: StackView) -> None:
    tunnels = [tunnel for connection in stack.connections for tunnel in connection.tunnels]
    addresses = {tunnel.outside_address for tunnel in tunnels}
    checks.that(bool(stack.connections), "the stack has a VPN connection")
    checks.that(all(one.state == "available" for one in stack.connections), "every connection is available")
    checks.that(all(len(one.tunnels) == 2 for one in stack.connections), "every connection has two tunnels")
    checks.that(len(addresses) == len(tunnels), "every tunnel has its own outside address")
    checks.that(
        addresses <= set(stack.outputs.values()), "the stack outputs show the same outside addresses as the API"
    )
    checks.that(all(one.ike_versions == ("ikev2",) for one in tunnels), "every tunnel accepts IKEv2 only")
    checks.that(
        all(not {2, 5, 22, 23, 24} & {*one.dh_groups} and one.dh_groups for one in tunnels),
        "no tunnel accepts a weak DH group",
    )
    checks.that(all("SHA1" not in one.integrity and one.integrity for one in tunnels), "no tunnel accepts SHA-1")
    gateways = {one.gateway for one in stack.connections if one.gateway.startswith("vgw-")}
    propagating = {gateway for one in stack.route_tables for gateway in one.propagating}
    checks.that(gateways <= propagating, "each virtual private gateway propagates its routes to a route table")


def show_leftovers(console: Console, checks: Checks, left: Inventory, before: Inventory, during: Inventory) -> None:
    table = _table("What exists")
    for title in ("Kind", "Before", "Deployed", "After"):
        table.add_column(title, justify="left" if title == "Kind" else "right")
    for kind in sorted(during):
        counts = (len(before.get(kind, ())), len(during[kind]), len(before.get(kind, ())) + len(left.get(kind, ())))
        table.add_row(kind, *(str(count) for count in counts))
    console.print(table)
    remaining = ", ".join(sorted(name for names in left.values() for name in names))
    checks.that(not left, "nothing is left" + (f" but {remaining}" if left else ""))
