"""A change of the network does not touch what stays the same."""

from __future__ import annotations

from vpn_lab.network.guest.network import lead_nowhere
from vpn_lab.network.guest.node import changes
from vpn_lab.network.plan import Node, node


def host(*routes: str) -> Node:
    return {**node("host"), "addresses": {"ens5": ["10.60.0.4/24"]}, "routes": list(routes)}


def test_nothing_is_done_twice() -> None:
    assert changes(host("default via 10.60.0.1"), host("default via 10.60.0.1")) == []


def test_a_route_that_moves_is_replaced_and_never_away() -> None:
    before, after = host("10.50.0.0/16 via 10.60.0.9 table 7"), host("10.50.0.0/16 via 10.60.2.9 table 7")
    assert changes(before, after) == ["route replace 10.50.0.0/16 via 10.60.2.9 table 7"]


def test_a_route_that_becomes_a_blackhole_is_still_the_same_route() -> None:
    before, after = host("10.50.0.0/16 via 10.60.0.9 table 7"), host("blackhole 10.50.0.0/16 table 7")
    assert changes(before, after) == ["route replace blackhole 10.50.0.0/16 table 7"]


def test_the_same_prefix_in_another_table_is_another_route() -> None:
    before, after = host("10.50.0.0/16 via 10.60.0.9 table 7"), host("10.50.0.0/16 via 10.60.0.9 table 8")
    assert changes(before, after) == [
        "route replace 10.50.0.0/16 via 10.60.0.9 table 8",
        "route delete 10.50.0.0/16 via 10.60.0.9 table 7",
    ]


def test_routes_to_a_dead_instance_swallow_packets() -> None:
    router = host("10.60.0.100 dev e1", "10.50.0.0/16 via 10.60.0.100 dev e1 onlink table 7", "10.60.0.101 dev e2")
    lead_nowhere(router, {"e1"})
    assert router["routes"] == ["blackhole 10.60.0.100", "blackhole 10.50.0.0/16 table 7", "10.60.0.101 dev e2"]
