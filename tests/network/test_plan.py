"""What is deployed becomes the plan of a network, without a machine."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.network.deployments import changed, device_and_host, route, tunnel, with_static_routes
from vpn_lab.network.plan import Node, Plan
from vpn_lab.network.planning.planner import plan
from vpn_model.routing import Route

ROUTE_TABLE = 0xA1 + 1000


def planned(*routes: Route) -> Plan:
    return plan(device_and_host(routes), 4566)


def router(*routes: Route) -> Node:
    return planned(*routes)["nodes"]["vpc-a"]


def test_user_data_makes_a_system_and_its_absence_a_bare_host() -> None:
    nodes = planned()["nodes"]
    assert (nodes["i-device"]["kind"], nodes["i-host"]["kind"]) == ("system", "host")


def test_user_data_reaches_the_metadata_service_unchanged() -> None:
    assert router()["metadata"]["10.60.0.100"]["/latest/user-data"] == "#!/bin/sh\n"
    assert "/latest/user-data" not in router()["metadata"]["10.60.0.101"]


def test_the_metadata_service_gives_an_instance_the_keys_that_the_region_made_for_it() -> None:
    deployed = device_and_host()
    instances = {**deployed.model.instances}
    instances["i-device"] = replace(instances["i-device"], instance_profile="device-role")
    keys = {"AccessKeyId": "ASIA1", "SecretAccessKey": "s", "Token": "t"}
    with_role = replace(
        deployed, model=replace(deployed.model, instances=instances), role_credentials={"i-device": keys}
    )
    pages = plan(with_role, 4566)["nodes"]["vpc-a"]["metadata"]
    folder = "/latest/meta-data/iam/security-credentials"
    assert pages["10.60.0.100"][folder] == "device-role"
    assert json.loads(pages["10.60.0.100"][f"{folder}/device-role"]) == keys
    assert not [path for path in pages["10.60.0.101"] if path.startswith(folder)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("eni-device", "10.50.0.0/16 via 10.60.0.100 dev edevice onlink"),
        ("igw-1", "10.50.0.0/16 via 100.64.0.1 dev igw onlink"),
        ("vgw-9", "10.50.0.0/16 via 100.64.2.1 dev vgw onlink"),
        ("", "blackhole 10.50.0.0/16"),
        ("eni-nobody", "blackhole 10.50.0.0/16"),
    ],
)
def test_a_route_leads_to_its_target(target: str, expected: str) -> None:
    assert f"{expected} table {ROUTE_TABLE}" in router(route("10.50.0.0/16", target))["routes"]


def test_each_interface_obeys_the_route_table_of_its_subnet() -> None:
    assert f"priority 2000 iif ehost lookup {ROUTE_TABLE}" in router()["rules"]


def test_a_stopped_instance_has_no_cable() -> None:
    deployed = device_and_host()
    stopped = replace(deployed.model.instances["i-host"], state="stopped")
    result = plan(changed(deployed, instances={**deployed.model.instances, "i-host": stopped}), 4566)
    assert not result["nodes"]["i-host"]["running"]
    assert "i-host" not in {end[0] for cable in result["cables"] for end in (cable["a"], cable["b"])}


def test_an_elastic_address_is_translated_both_ways() -> None:
    rules = router()["firewall"]
    assert "ip daddr set ip daddr map { 203.0.113.1 : 10.60.0.100 }" in rules
    assert "ip saddr set ip saddr map { 10.60.0.100 : 203.0.113.1 }" in rules


def test_source_and_destination_are_checked_where_the_interface_says_so() -> None:
    rules = router()["firewall"]
    assert 'iifname "ehost" ip saddr != { 10.60.0.101 } drop' in rules
    assert 'iifname "edevice" ip saddr' not in rules


def test_a_security_group_lets_in_what_it_names_and_nothing_else() -> None:
    chain = router()["firewall"].split("chain in-ehost {")[1].split("}\n")[0]
    assert "ip saddr { 10.50.0.0/16 } ip protocol icmp icmp type 8 return" in chain
    assert chain.strip().endswith("drop")


def test_the_internet_knows_public_addresses_only() -> None:
    destinations = {route.split()[0] for route in planned()["nodes"]["internet"]["routes"]}
    assert destinations == {"203.0.113.1", "198.51.100.1", "192.0.2.1"}


def test_the_gateway_offers_what_the_tunnel_allows_lowest_first() -> None:
    text = planned()["nodes"]["vgw-1"]["files"]["etc/swanctl/swanctl.conf"]
    assert "proposals = aes128gcm16-aes256gcm16-prfsha256-prfsha384-ecp256-ecp384\n" in text
    assert "esp_proposals = aes128gcm16-ecp256\n" in text


def test_a_tunnel_stays_as_it_is_when_a_connection_comes_whose_id_sorts_before_its_own() -> None:
    deployed = device_and_host()
    tunnels = (tunnel("198.51.100.2", "169.254.20.0/30"), tunnel("192.0.2.2", "169.254.21.0/30"))
    other = replace(deployed.model.vpn_connections["vpn-1"], id="vpn-0", tunnels=tunnels)
    both = changed(deployed, vpn_connections={**deployed.model.vpn_connections, other.id: other})
    before, after = (plan(one, 4566)["nodes"]["vgw-1"]["tunnels"] for one in (deployed, both))
    assert [one for one in after if one["connection"] == "vpn-1"] == before
    assert len({one["number"] for one in after}) == len(after) == 4


def test_the_gateway_answers_and_does_not_initiate() -> None:
    assert "start_action = start" not in planned()["nodes"]["vgw-1"]["files"]["etc/swanctl/swanctl.conf"]


def test_bgp_has_the_timers_of_aws_and_one_path() -> None:
    text = planned()["nodes"]["vgw-1"]["files"]["etc/frr/bgpd.conf"]
    assert "neighbor 169.254.10.2 timers 10 30" in text
    assert "maximum-paths 1" in text
    assert "network 10.50.0.0/16" in text


def test_a_static_connection_has_routes_and_no_bgp() -> None:
    gateway = plan(with_static_routes(device_and_host()), 4566)["nodes"]["vgw-1"]
    assert "etc/frr/bgpd.conf" not in gateway["files"]
    assert [tunnel["static_prefixes"] for tunnel in gateway["tunnels"]] == [["10.60.0.0/16"]] * 2


def test_a_packet_for_a_tunnel_that_is_down_cannot_leave_in_clear() -> None:
    gateway = planned()["nodes"]["vgw-1"]
    assert "unreachable default" in gateway["routes"]
    assert all("table 10" in route for route in gateway["routes"] if "dev wan" in route)
