"""The boxes of the pictures, as Graphviz's HTML-like labels."""

from __future__ import annotations

from html import escape

from tools.pictures.network import ClientVpn, Connection, ElasticAddress, Gateway, Instance, Route, Subnet
from tools.pictures.style import (
    DEVICE_LINE,
    GATEWAY,
    GATEWAY_LINE,
    MUTED,
    PRIVATE,
    PRIVATE_LINE,
    PUBLIC,
    PUBLIC_LINE,
)


def subnet_label(subnet: Subnet) -> str:
    tier, fill, line = ("public", PUBLIC, PUBLIC_LINE) if subnet.is_public else ("private", PRIVATE, PRIVATE_LINE)
    rows = [_row(small(f"{tier} subnet {subnet.cidr}"))]
    rows += [_row(_instance(instance), port=instance.id) for instance in subnet.instances]
    rows += [_row(small(text)) for route in subnet.routes for text in _route(route)]
    return _table(rows, fill=fill, line=line)


def internet_gateway_label(addresses: list[ElasticAddress]) -> str:
    rows = [_row(small("internet")), _row(small("gateway"))]
    rows += [_row("Elastic IP", port=address.id, padding=5) for address in addresses]
    return _table(rows, fill="#FFFFFF", line=MUTED)


def connection_label(connection: Connection) -> str:
    routing = "BGP" if connection.routing == "BGP" else f"static: {', '.join(connection.static_routes)}"
    customer = f"customer gateway AS {connection.customer_asn}" if connection.customer_asn else "customer gateway"
    rows = [_row("<b>VPN connection</b>", padding=3), _row(small(customer)), _row(small(routing))]
    rows += [
        _row(f"tunnel {tunnel.number}  {tunnel.inside_cidr}", port=f"tunnel{tunnel.number}", fill="#FFFFFF", padding=4)
        for tunnel in connection.tunnels
    ]
    return _table(rows, fill=GATEWAY, line=GATEWAY_LINE)


def gateway_label(gateway: Gateway) -> str:
    rows = [_row(f"<b>{word}</b>") for word in gateway.kind.split()]
    rows.append(_row(small(f"AS {gateway.asn}"), padding=3))
    if gateway.kind == "transit gateway":
        rows.append(_row(small("equal paths: all" if gateway.ecmp else "equal paths: one")))
    for table in gateway.tables:
        rows.append(_row(small(f"route table {table.name}"), padding=2))
        rows += [_row(small(f"for {name}")) for name in table.associated]
        rows += [_row(small(f"learns from {name}")) for name in table.learns_from]
    return _table(rows, fill=GATEWAY, line=GATEWAY_LINE)


def client_vpn_label(endpoint: ClientVpn) -> str:
    rows = [_row("<b>Client VPN</b>", padding=3), _row(small(f"clients {endpoint.client_cidr}"))]
    rows += [_row(small(f"may enter {network}")) for network in endpoint.authorized]
    return _table(rows, fill=GATEWAY, line=GATEWAY_LINE)


def small(text: str) -> str:
    return f'<font point-size="11" color="{MUTED}">{escape(text)}</font>'


def _instance(instance: Instance) -> str:
    line = DEVICE_LINE if instance.is_device else PRIVATE_LINE
    rows = [
        _row(f"<b>{escape(instance.name)}</b>", padding=3),
        _row(small("  ".join((instance.instance_type, *instance.private_addresses[:1]))), padding=1),
    ]
    rows += [_row(small(f"and {address}"), padding=1) for address in instance.private_addresses[1:]]
    return _table(rows, fill="#FFFFFF", line=line)


def _route(route: Route) -> list[str]:
    if route.is_learned:
        return ["routes learned from the", route.target]
    others = [name for name in route.may_move_to if name != route.target]
    return [f"{route.destination} via {route.target}", *(f"or {name}" for name in others)]


def _row(content: str, *, port: str = "", fill: str = "", padding: int = 1) -> str:
    extra = (f' port="{escape(port)}"' if port else "") + (f' bgcolor="{fill}"' if fill else "")
    return f'<tr><td cellpadding="{padding}"{extra}>{content}</td></tr>'


def _table(rows: list[str], *, fill: str, line: str) -> str:
    return (
        f'<table border="1" cellborder="0" cellspacing="3" cellpadding="1" style="rounded" '
        f'bgcolor="{fill}" color="{line}">{"".join(rows)}</table>'
    )
