"""Bad route tables of a transit gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_aws_vpn import (
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
)
from tests.constructs.bad_input import Bad, address, quota, setting
from tests.constructs.site import IDC, Site
from tests.constructs.transit.bad_transit import MAKE, attach


def table(site: Site, **arguments: Any) -> TransitGatewayRouteTable:
    return TransitGatewayRouteTable(site.stack, "Table", **{"transit_gateway": site.tgw, **arguments})


def on_table(
    behaviour: str, act: Callable[[TransitGatewayRouteTable, Site], Any], value: Any, *, allowed: str, remedy: str
) -> Bad:
    return setting(f"a route table {behaviour}", lambda s: act(table(s), s), "attachment", value, allowed, remedy)


def associate_twice(made: TransitGatewayRouteTable, site: Site) -> None:
    one = attach(site)
    made.associate(one)
    TransitGatewayRouteTable(site.stack, "Other", transit_gateway=site.tgw).associate(one)


def default_association(site: Site) -> None:
    own = TransitGateway(site.stack, "Own", default_route_table_association=True)
    table(site, transit_gateway=own).associate(attach(site, transit_gateway=own))


def of_another_gateway(made: TransitGatewayRouteTable, site: Site) -> None:
    made.associate(attach(site, transit_gateway=TransitGateway(site.stack, "Own")))


def blackhole_twice(site: Site) -> None:
    of_site = table(site)
    of_site.add_blackhole(IDC)
    of_site.add_blackhole(IDC)


def static(site: Site) -> Any:
    return site.connection(gateway=site.tgw, routing=Static([IDC]))


def tables(site: Site, count: int) -> None:
    for number in range(count):
        TransitGatewayRouteTable(site.stack, f"Table{number}", transit_gateway=site.tgw)


BAD_ROUTE_TABLES = [
    quota(
        "a twenty-first route table of a transit gateway",
        lambda s: tables(s, 21),
        "TransitGatewayRouteTable",
        21,
        "20 at most ('Transit gateway route tables per transit gateway')",
        "have the quota raised",
    ),
    setting(
        "a route table of the id of a gateway",
        lambda s: table(s, transit_gateway="tgw-01234567"),
        "transit_gateway",
        "tgw-01234567",
        "BaseTransitGateway",
        MAKE,
    ),
    setting(
        "an existing route table by a vpc's",
        lambda s: TransitGatewayRouteTable.from_id(s.stack, "X", "rtb-01234567", transit_gateway=s.tgw),
        "route_table_id",
        "rtb-01234567",
        "tgw-rtb- and 8 or 17",
        "VPC console",
    ),
    on_table(
        "associated with the id of a vpc",
        lambda t, _: t.associate("vpc-0123456789abcdef0"),
        "vpc-0123456789abcdef0",
        allowed="tgw-attach- and 8 or 17 hexadecimal digits",
        remedy="VPC console",
    ),
    on_table(
        "associated with a number",
        lambda t, _: t.associate(5),  # type: ignore[arg-type]
        5,
        allowed="TransitGatewayVpcAttachment, VpnConnection or the id of an attachment",
        remedy="attach a VPC",
    ),
    on_table(
        "associated with an attachment that has one",
        associate_twice,
        "Stack/Attachment",
        allowed="not yet associated; Stack/Table has this one",
        remedy="associate it once",
    ),
    on_table(
        "of another gateway",
        of_another_gateway,
        "Stack/Attachment",
        allowed="an attachment of the table's own gateway, Stack/Tgw",
        remedy="use a route table of the gateway",
    ),
    setting(
        "a route table beside the default one",
        default_association,
        "default_route_table_association",
        True,
        "False on a transit gateway whose attachments",
        "leave it out",
    ),
    on_table(
        "that learns from an attachment twice",
        lambda t, s: t.propagate_from(*[attach(s)] * 2),
        "Stack/Attachment",
        allowed="each attachment once",
        remedy="remove the second call",
    ),
    on_table(
        "that learns from a static connection",
        lambda t, s: t.propagate_from(static(s)),
        "Stack/Vpn",
        allowed="a static VPN connection does not",
        remedy="call route_to(connection)",
    ),
    setting(
        "a route table with routes to a bgp connection",
        lambda s: table(s).route_to(s.connection(gateway=s.tgw)),
        "connection",
        "Stack/Vpn",
        "a VPN connection with Static([...])",
        "call propagate_from(…)",
    ),
    address(
        "a route table with two routes for a network",
        blackhole_twice,
        "destination_cidr",
        IDC,
        "one route per network in a route table",
        "remove the second one",
    ),
    address(
        "a route table with a route to an address",
        lambda s: table(s).add_blackhole("10.60.0.1/16"),
        "destination_cidr",
        "10.60.0.1/16",
        "no host bit set",
        "write it like",
    ),
]
