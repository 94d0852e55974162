"""Transit gateways: what reaches what, and what is learned."""

from __future__ import annotations

import pytest

from tests.region.hub import IDC, Hub, relate
from vpn_lab.region import Region


def test_a_table_learns_a_vpcs_network_at_once_and_a_devices_when_its_tunnel_is_up(hub: Hub) -> None:
    table, vpc, connection = hub.table(), hub.attach(), hub.connect()
    vpn = hub.attachment_of(connection["VpnConnectionId"])
    for attachment in (vpc, vpn):
        relate(hub, "enable_transit_gateway_route_table_propagation", table, attachment)()
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]
    hub.report(connection)
    assert (IDC, "propagated", "active", ["vpn"]) in hub.routes(table)
    hub.report(connection, status="DOWN")
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]


@pytest.mark.parametrize(("ecmp", "expected"), [("enable", ["vpn", "vpn"]), ("disable", ["vpn"])])
def test_two_connections_with_the_same_network_share_a_route_where_ecmp_is_on(
    region: Region, ecmp: str, expected: list[str]
) -> None:
    hub = Hub(region, VpnEcmpSupport=ecmp)
    table, connections = hub.table(), [hub.connect(), hub.connect()]
    for connection in connections:
        attachment = hub.attachment_of(connection["VpnConnectionId"])
        relate(hub, "enable_transit_gateway_route_table_propagation", table, attachment)()
        hub.report(connection)
    assert hub.routes(table) == [(IDC, "propagated", "active", expected)]
    hub.remove()


def test_a_static_route_wins_over_a_learned_one_and_outlives_its_attachment_as_a_blackhole(hub: Hub) -> None:
    table, vpc = hub.table(), hub.attach()
    relate(hub, "enable_transit_gateway_route_table_propagation", table, vpc)()
    route = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": "10.50.0.0/16"}
    hub.ec2.create_transit_gateway_route(**route, TransitGatewayAttachmentId=vpc)
    assert hub.routes(table) == [("10.50.0.0/16", "static", "active", ["vpc"])]
    hub.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=vpc)
    assert hub.routes(table) == [("10.50.0.0/16", "static", "blackhole", [])]


def test_a_static_connection_propagates_nothing(hub: Hub) -> None:
    table, connection = hub.table(), hub.connect(StaticRoutesOnly=True)
    vpn = hub.attachment_of(connection["VpnConnectionId"])
    relate(hub, "enable_transit_gateway_route_table_propagation", table, vpn)()
    hub.report(connection)
    assert hub.routes(table) == []


def test_the_default_route_table_takes_each_attachment_where_it_is_on(region: Region) -> None:
    on = {"DefaultRouteTableAssociation": "enable", "DefaultRouteTablePropagation": "enable"}
    hub = Hub(region, **on)
    options = hub.ec2.describe_transit_gateways(TransitGatewayIds=[hub.gateway])["TransitGateways"][0]["Options"]
    table = options["AssociationDefaultRouteTableId"]
    assert table == options["PropagationDefaultRouteTableId"]
    hub.attach()
    named = {"TransitGatewayRouteTableId": table}
    assert len(hub.ec2.get_transit_gateway_route_table_associations(**named)["Associations"]) == 1
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]
    hub.remove()


def test_an_attachment_goes_with_its_connection_and_moves_with_it(hub: Hub, region: Region) -> None:
    connection = hub.connect()["VpnConnectionId"]
    first, other = hub.attachment_of(connection), Hub(region)
    hub.ec2.modify_vpn_connection(VpnConnectionId=connection, TransitGatewayId=other.gateway)
    second = hub.attachment_of(connection)
    assert first != second
    hub.ec2.delete_vpn_connection(VpnConnectionId=hub.connections.pop())
    mine = [{"Name": "resource-id", "Values": [connection]}]
    assert hub.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"] == []
    other.remove()


def test_ipv6_tunnels_get_a_block_when_they_ask_for_none(hub: Hub) -> None:
    tunnels = hub.connect(TunnelInsideIpVersion="ipv6")["Options"]["TunnelOptions"]
    blocks = [one["TunnelInsideIpv6Cidr"] for one in tunnels]
    assert all(block.startswith("fd") and block.endswith("/126") for block in blocks)
    assert blocks[0] != blocks[1]
