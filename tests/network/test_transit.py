"""A transit gateway becomes a node, and its route tables follow what is learned; without a machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.network.deployments import changed, device_and_host, route
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.guest.transit import changes, learned, static
from vpn_lab.network.measuring.flows import spread, ways
from vpn_lab.network.plan import Node, Plan, TransitTable
from vpn_lab.network.planning.planner import plan
from vpn_model.transit import TransitAttachment, TransitGateway, TransitRoute
from vpn_model.transit import TransitTable as Table

FROM_VPC, FROM_VPN = "tgw-rtb-0000001", "tgw-rtb-0000002"
VPC_NUMBER, VPN_NUMBER = 1001, 1002


def behind_transit_gateway(*routes: TransitRoute, learns: tuple[str, ...] = ("tgw-attach-vpn",)) -> Deployed:
    """The connection ends on a transit gateway, which VPC b is attached to."""
    deployed = device_and_host((route("10.50.0.0/16", "tgw-1"),))
    gateway = TransitGateway(
        "tgw-1",
        "",
        attachments=(
            attachment("tgw-attach-vpc", "vpc", "vpc-b", FROM_VPC),
            attachment("tgw-attach-vpn", "vpn", "vpn-1", FROM_VPN),
        ),
        tables=(Table(FROM_VPC, "", learns, routes), Table(FROM_VPN, "", ("tgw-attach-vpc",), ())),
    )
    connection = replace(deployed.model.vpn_connections["vpn-1"], vpn_gateway_id=None, transit_gateway_id="tgw-1")
    return changed(
        deployed, vpn_gateways={}, vpn_connections={"vpn-1": connection}, transit_gateways={"tgw-1": gateway}
    )


def attachment(identifier: str, kind: str, resource: str, table: str | None) -> TransitAttachment:
    return TransitAttachment(identifier, "", kind, resource, table, state="available")


def planned(*routes: TransitRoute, **more: Any) -> Plan:
    return plan(behind_transit_gateway(*routes, **more), 4566)


def gateway(*routes: TransitRoute, **more: Any) -> Node:
    return planned(*routes, **more)["nodes"]["tgw-1"]


def test_each_attachment_looks_into_the_table_that_it_is_associated_with() -> None:
    rules = gateway()["rules"]
    assert f"priority 2000 iif vb lookup {VPC_NUMBER}" in rules
    assert f"priority 2000 iif tun10-0 lookup {VPN_NUMBER}" in rules


def test_an_attachment_without_a_table_reaches_nothing() -> None:
    deployed = behind_transit_gateway()
    tgw = deployed.model.transit_gateways["tgw-1"]
    loose = replace(tgw, attachments=tuple(replace(one, table_id=None) for one in tgw.attachments))
    node = plan(changed(deployed, transit_gateways={"tgw-1": loose}), 4566)["nodes"]["tgw-1"]
    assert "priority 2000 iif vb lookup 11" in node["rules"]
    assert "unreachable default table 11" in node["routes"]


def test_a_table_leads_to_the_vpcs_that_it_learns_from_and_nowhere_else() -> None:
    routes = gateway()["routes"]
    assert f"10.50.0.0/16 via 100.64.3.2 dev vb onlink table {VPN_NUMBER}" in routes
    assert [route for route in routes if route.endswith(f"table {VPC_NUMBER}")] == [
        f"unreachable default table {VPC_NUMBER}"
    ]


def test_a_vpc_has_a_cable_to_the_gateway_and_routes_into_it() -> None:
    result = planned()
    assert {"a": ("vpc-b", "t1"), "b": ("tgw-1", "vb")} in result["cables"]
    assert any(
        route.startswith("10.50.0.0/16 via 100.64.3.1 dev t1 onlink") for route in result["nodes"]["vpc-a"]["routes"]
    )


def test_a_blackhole_and_a_static_route_are_no_matter_of_bgp() -> None:
    node = gateway(TransitRoute("10.9.0.0/16", ()), TransitRoute("10.8.0.0/16", ("tgw-attach-vpn",)))
    assert f"blackhole 10.9.0.0/16 table {VPC_NUMBER}" in node["routes"]
    table = node["transit"][0]
    assert table["static"] == {"10.8.0.0/16": ["tun10-0", "tun11-0"]}
    assert table["fixed"] == ["10.8.0.0/16", "10.9.0.0/16"]


def test_a_connection_hears_the_networks_of_its_own_table_only() -> None:
    text = gateway(TransitRoute("10.9.0.0/16", ()))["files"]["etc/frr/bgpd.conf"]
    assert f"neighbor 169.254.10.2 prefix-list TABLE-{VPN_NUMBER} out" in text
    assert f"ip prefix-list TABLE-{VPN_NUMBER} permit 10.50.0.0/16" in text
    assert f"ip prefix-list TABLE-{VPN_NUMBER} permit 10.9.0.0/16" not in text
    assert "maximum-paths 2" in text
    assert "maximum-prefix 1000" in text


def test_both_tunnels_of_a_connection_have_the_same_med() -> None:
    node = gateway()
    assert [tunnel["med"] for tunnel in node["tunnels"]] == [100, 100]
    assert node["files"]["etc/frr/bgpd.conf"].count("route-map MED-100 out") == 2


PATHS = {
    "10.60.0.0/16": [
        {"peerId": "169.254.10.2", "valid": True, "path": "65000 65000", "metric": 0},
        {"peerId": "169.254.11.2", "valid": True, "path": "65000 65000", "metric": 0},
        {"peerId": "169.254.20.2", "valid": True, "path": "65000 65000 65000", "metric": 0},
        {"peerId": "169.254.21.2", "valid": False, "path": "65000", "metric": 0},
        {"peerId": "169.254.30.2", "valid": True, "path": "65000", "metric": 0},
    ]
}
NAMES = {f"169.254.{one}.2": f"tun{one}-0" for one in (10, 11, 20, 21, 30)}


def table(**more: Any) -> TransitTable:
    learns = [f"tun{one}-0" for one in (10, 11, 20, 21)]
    made: TransitTable = {"number": 7, "ecmp": True, "fixed": [], "static": {}, "learns_from": learns}
    return {**made, **more}  # type: ignore[typeddict-item]


def test_equal_paths_are_used_together_and_longer_ones_not() -> None:
    assert learned(table(), PATHS, NAMES) == {"10.60.0.0/16": ["tun10-0", "tun11-0"]}


def test_without_ecmp_one_of_the_equal_paths_is_used() -> None:
    assert learned(table(ecmp=False), PATHS, NAMES) == {"10.60.0.0/16": ["tun10-0"]}


def test_the_lower_med_decides_between_paths_of_one_length() -> None:
    lower = {"10.60.0.0/16": [{**PATHS["10.60.0.0/16"][0], "metric": 5}, PATHS["10.60.0.0/16"][1]]}
    assert learned(table(), lower, NAMES) == {"10.60.0.0/16": ["tun11-0"]}


def test_a_known_network_is_not_learned() -> None:
    assert learned(table(fixed=["10.60.0.0/16"]), PATHS, NAMES) == {}


def test_a_static_route_stays_on_its_tunnel_while_that_works() -> None:
    made = table(static={"10.8.0.0/16": ["tun10-0", "tun11-0"]})
    assert static(made, {"tun10-0", "tun11-0"}, {"10.8.0.0/16": ["tun11-0"]}) == {"10.8.0.0/16": ["tun11-0"]}
    assert static(made, {"tun10-0"}, {"10.8.0.0/16": ["tun11-0"]}) == {"10.8.0.0/16": ["tun10-0"]}
    assert static(made, set(), {"10.8.0.0/16": ["tun11-0"]}) == {}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"10.60.0.0/16": ["a"]}, ["route replace 10.60.0.0/16 table 7 dev a"]),
        (
            {"10.60.0.0/16": ["a"]},
            {"10.60.0.0/16": ["a", "b"]},
            ["route replace 10.60.0.0/16 table 7 nexthop dev a nexthop dev b"],
        ),
        ({"10.60.0.0/16": ["a"]}, {"10.60.0.0/16": ["a"]}, []),
        (
            {"10.60.0.0/16": ["a"]},
            {},
            ["route replace unreachable 10.60.0.0/16 table 7", "route delete unreachable 10.60.0.0/16 table 7"],
        ),
    ],
)
def test_the_kernels_table_changes_where_it_differs(before: Any, after: Any, expected: list[str]) -> None:
    assert changes(7, before, after) == expected


def test_a_capture_tells_which_way_each_flow_left() -> None:
    capture = (
        "12:00:00.1 vb    In  IP 10.50.1.100.40000 > 10.60.1.100.7000: UDP, length 64\n"
        "12:00:00.1 tun10-0 Out IP 10.50.1.100.40000 > 10.60.1.100.7000: UDP, length 64\n"
        "12:00:00.2 tun20-0 Out IP 10.50.1.100.40001 > 10.60.1.100.7000: UDP, length 64\n"
    )
    assert ways(capture) == {40000: "tun10-0", 40001: "tun20-0"}
    assert spread({1: "tun10-0", 2: "tun10-0", 3: "tun20-0"}) == {"tun10-0": 2, "tun20-0": 1}
