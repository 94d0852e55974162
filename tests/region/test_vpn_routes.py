"""Telemetry, static routes, learned routes and their propagation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.region.vpn_site import Site
from vpn_lab.region import Region, RegionError


def test_static_routes_belong_to_static_connections(site: Site, refusal: Callable[..., str]) -> None:
    site.connect(StaticRoutesOnly=True)
    route = {"VpnConnectionId": site.connections[-1], "DestinationCidrBlock": "10.60.0.0/16"}
    site.ec2.create_vpn_connection_route(**route)
    assert site.shown()["Routes"] == [
        {"DestinationCidrBlock": "10.60.0.0/16", "Source": "Static", "State": "available"}
    ]
    assert refusal(site.ec2.create_vpn_connection_route, **route) == "RouteAlreadyExists"
    site.ec2.delete_vpn_connection_route(**route)
    assert refusal(site.ec2.delete_vpn_connection_route, **route) == "InvalidRoute.NotFound"
    site.connect()
    route["VpnConnectionId"] = site.connections[-1]
    assert refusal(site.ec2.create_vpn_connection_route, **route) == "InvalidParameterValue"


def propagated(site: Site, table: str) -> list[str]:
    shown = site.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    routes = [one for one in shown["Routes"] if one["Origin"] == "EnableVgwRoutePropagation"]
    assert {one["GatewayId"] for one in routes} <= {site.gateway}
    return [one["DestinationCidrBlock"] for one in routes]


@pytest.fixture
def table(site: Site) -> Iterator[str]:
    made = site.ec2.create_route_table(VpcId=site.vpc)["RouteTable"]["RouteTableId"]
    site.ec2.enable_vgw_route_propagation(RouteTableId=made, GatewayId=site.gateway)
    yield made
    site.ec2.delete_route_table(RouteTableId=made)


def test_a_tunnel_is_down_until_the_network_reports_and_bgp_routes_come_and_go(
    site: Site, table: str, region: Region
) -> None:
    site.connect()
    assert {one["Status"] for one in site.shown()["VgwTelemetry"]} == {"DOWN"}
    assert propagated(site, table) == []
    connection = site.connections[-1]
    first, second = (one["OutsideIpAddress"] for one in site.shown()["Options"]["TunnelOptions"])
    region.report_tunnel(
        connection,
        first,
        "UP",
        message="1 BGP ROUTES",
        learned_prefixes=["10.60.0.0/16"],
        negotiated={"IkeVersion": "ikev2"},
    )
    region.report_tunnel(
        connection, second, "UP", message="2 BGP ROUTES", learned_prefixes=["10.60.0.0/16", "10.61.0.0/16"]
    )
    telemetry = {one["OutsideIpAddress"]: one for one in site.shown()["VgwTelemetry"]}
    assert (telemetry[first]["Status"], telemetry[first]["AcceptedRouteCount"]) == ("UP", 1)
    assert (telemetry[second]["StatusMessage"], telemetry[second]["AcceptedRouteCount"]) == ("2 BGP ROUTES", 2)
    assert propagated(site, table) == ["10.60.0.0/16", "10.61.0.0/16"]
    status = site.ec2.get_active_vpn_tunnel_status(VpnConnectionId=connection, VpnTunnelOutsideIpAddress=first)
    assert status["ActiveVpnTunnelStatus"]["IkeVersion"] == "ikev2"
    region.report_tunnel(connection, second, "DOWN")
    assert propagated(site, table) == ["10.60.0.0/16"]
    after = {one["OutsideIpAddress"]: one for one in site.shown()["VgwTelemetry"]}
    assert (after[second]["Status"], after[second]["AcceptedRouteCount"]) == ("DOWN", 0)
    assert after[first] == telemetry[first]


def test_static_routes_propagate_while_a_tunnel_is_up_and_lose_to_routes_of_the_table(
    site: Site, table: str, region: Region
) -> None:
    site.connect(StaticRoutesOnly=True)
    connection = site.connections[-1]
    site.ec2.create_vpn_connection_route(VpnConnectionId=connection, DestinationCidrBlock="10.60.0.0/16")
    assert propagated(site, table) == []
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    region.report_tunnel(connection, address, "UP", message="IPSEC IS UP")
    assert propagated(site, table) == ["10.60.0.0/16"]
    own = {"RouteTableId": table, "DestinationCidrBlock": "10.60.0.0/16"}
    site.ec2.create_route(GatewayId=site.gateway, **own)
    assert propagated(site, table) == []
    site.ec2.delete_route(**own)
    site.ec2.delete_vpn_connection(VpnConnectionId=connection)
    assert propagated(site, table) == []


@pytest.mark.parametrize("report", [{"status": "SIDEWAYS"}, {"status": "UP", "learned_prefixes": ["nonsense"]}])
def test_a_report_that_makes_no_sense_is_refused(report: dict[str, Any], site: Site, region: Region) -> None:
    site.connect()
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    with pytest.raises(RegionError, match=r"status|learned_prefixes"):
        region.report_tunnel(site.connections[-1], address, **report)
    with pytest.raises(RegionError, match="InvalidVpnConnectionID"):
        region.report_tunnel("vpn-00000000000000000", address, "UP")


def test_propagation_needs_the_gateway_attached_to_the_tables_vpc(site: Site, refusal: Callable[..., str]) -> None:
    other = site.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    table = site.ec2.create_route_table(VpcId=other)["RouteTable"]["RouteTableId"]
    request = {"RouteTableId": table, "GatewayId": site.gateway}
    assert refusal(site.ec2.enable_vgw_route_propagation, **request) == "Gateway.NotAttached"
    site.ec2.delete_route_table(RouteTableId=table)
    site.ec2.delete_vpc(VpcId=other)


def test_replacing_a_tunnel_endpoint_keeps_the_address_and_drops_the_tunnel(site: Site, region: Region) -> None:
    site.connect()
    connection = site.connections[-1]
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    region.report_tunnel(connection, address, "UP")
    request = {"VpnConnectionId": connection, "VpnTunnelOutsideIpAddress": address}
    assert site.ec2.replace_vpn_tunnel(**request)["Return"]
    status = site.ec2.get_vpn_tunnel_replacement_status(**request)
    assert "LastMaintenanceApplied" in status["MaintenanceDetails"]
    assert {one["Status"] for one in site.shown()["VgwTelemetry"]} == {"DOWN"}
