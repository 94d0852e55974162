"""Four equal tunnels: flows are spread over them, and a cut tunnel costs its own flows a second or so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.conftest import CLOUD_HOST, IDC_HOST, TUNNELS_UP_SECONDS, built, up
from vpn_lab.network.flows import PORT, Flows, spread
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine

SCENARIO = "ScenarioTransitGatewayEcmp"
SECOND_CLOUD_HOST = "10.51.1.100"
FLOWS = 32
WATCHED_SECONDS = 16
SETTLED_SECONDS = 60
PACKETS = 3 * FLOWS
# what a cut may cost the flows of the tunnel, and the others, which merely move
CUT_SECONDS = 3.0
OTHERS_SECONDS = 0.7


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The scenario with its four tunnels up, and the hosts' security groups open for the flows."""
    with built(SCENARIO, tmp_path_factory.mktemp("transit")) as network:
        network.wait(lambda one: up(one, 4), TUNNELS_UP_SECONDS, "four tunnels")
        open_groups(network)
        network.wait(healthy, TUNNELS_UP_SECONDS, "both devices to call themselves healthy")
        network.wait(spreads, SETTLED_SECONDS, "the gateway to use four tunnels")
        yield network


def open_groups(network: Network) -> None:
    """Let the hosts send each other the flows, as the owner of a network would."""
    ec2, deployed = network.region.client("ec2"), network.deployed()
    hosts = [one.id for one in deployed.instances.values() if one.user_data is None]
    rule = {"IpProtocol": "udp", "FromPort": PORT, "ToPort": PORT, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    for group in {group for one in deployed.interfaces.values() if one.instance_id in hosts for group in one.group_ids}:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])


def gateway(network: Network) -> str:
    return next(iter(network.deployed().transit_gateways))


def equal_paths(network: Network) -> list[str]:
    """Return the tunnels through which the transit gateway sends to the data centre."""
    tables = network.state()[gateway(network)]["transit"].values()
    return next((table["10.60.0.0/16"] for table in tables if "10.60.0.0/16" in table), [])


def spreads(network: Network) -> bool:
    return len(equal_paths(network)) == 4


def healthy(network: Network) -> bool:
    devices = [one.id for one in network.instances() if one.user_data is not None]
    return all(network.call(device, "cgw-status")["code"] == 0 for device in devices)


def master(network: Network) -> str:
    devices = [one.id for one in network.instances() if one.user_data is not None]
    return next(one for one in devices if "vrrp      MASTER" in network.run(one, "cgw-status"))


def test_four_sessions_learn_the_data_centre(network: Network) -> None:
    tunnels = network.tunnels().values()
    assert [one["bgp"] for one in tunnels] == ["Established"] * 4
    assert [one["prefixes"] for one in tunnels] == [["10.60.0.0/16"]] * 4


def test_the_api_shows_the_learned_route_over_both_connections(network: Network) -> None:
    ec2 = network.region.client("ec2")
    found = []
    for table in ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]:
        routes = ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
            Filters=[{"Name": "route-search.exact-match", "Values": ["10.60.0.0/16"]}],
        )["Routes"]
        found += [[one["ResourceType"] for one in route["TransitGatewayAttachments"]] for route in routes]
    assert found == [["vpn", "vpn"]]


@pytest.mark.parametrize("host", [CLOUD_HOST, SECOND_CLOUD_HOST])
def test_each_vpc_and_the_data_centre_reach_each_other(network: Network, host: str) -> None:
    assert network.pings(host, IDC_HOST)
    assert network.pings(IDC_HOST, host)


def test_the_vpcs_do_not_reach_each_other(network: Network) -> None:
    """Even with routes that a VPC's owner could add: the route table of the transit gateway decides."""
    assert not network.pings(CLOUD_HOST, SECOND_CLOUD_HOST)
    tables = [table for table in network.state()[gateway(network)]["transit"].values() if table]
    assert [sorted(table) for table in tables] == [["10.60.0.0/16"]]


def test_flows_from_aws_are_spread_over_four_tunnels(network: Network) -> None:
    for host in (CLOUD_HOST, SECOND_CLOUD_HOST):
        network.wait(spreads, SETTLED_SECONDS, "the gateway to use four tunnels")
        flows = Flows(network, host, IDC_HOST, FLOWS, seconds=8)
        ways = flows.ways(gateway(network), PACKETS)
        arrived = flows.result()
        through = {way for way in ways.values() if way.startswith("tun")}
        print(f"{host} → {IDC_HOST}: {spread(ways)}")
        assert through == {one["name"] for one in network.tunnels().values()}
        assert len(arrived) == FLOWS


def test_flows_from_the_data_centre_are_spread_over_both_tunnels_of_a_device(network: Network) -> None:
    flows = Flows(network, IDC_HOST, CLOUD_HOST, FLOWS, seconds=8)
    ways = flows.ways(master(network), PACKETS)
    arrived = flows.result()
    print(f"{IDC_HOST} → {CLOUD_HOST}: {spread(ways)}")
    assert {way for way in ways.values() if way.startswith("ipsec")} == {"ipsec1", "ipsec2"}
    assert len(arrived) == FLOWS


@pytest.mark.parametrize("which", ["of the master", "of the other device"])
def test_a_cut_tunnel_interrupts_its_own_flows_only(network: Network, which: str) -> None:
    network.wait(spreads, SETTLED_SECONDS, "the gateway to use four tunnels")
    outside = tunnel_of(network, master(network), own=which == "of the master")
    name = network.tunnels()[outside]["name"]
    flows = Flows(network, CLOUD_HOST, IDC_HOST, FLOWS, seconds=WATCHED_SECONDS)
    ways = flows.ways(gateway(network), PACKETS)
    network.fault("blackhole", outside)
    result = flows.result()
    left = equal_paths(network)
    network.fault("heal", outside)
    cut = {port: flow.longest_gap_seconds for port, flow in result.items() if ways[port] == name}
    others = {port: flow.longest_gap_seconds for port, flow in result.items() if ways[port] != name}
    print(f"{name} cut: {len(cut)} flows of it out for {min(cut.values())} to {max(cut.values())} s")
    print(f"{len(others)} others, largest gap {max(others.values())} s; then over {', '.join(left)}")
    assert len(result) == FLOWS
    assert max(cut.values()) <= CUT_SECONDS
    assert min(cut.values()) > OTHERS_SECONDS
    assert max(others.values()) <= OTHERS_SECONDS
    assert len(left) == 3


def tunnel_of(network: Network, device: str, *, own: bool) -> str:
    """Return the outside address of the first tunnel of a device, or of the other one."""
    deployed = network.deployed()
    public = {
        address.public for one in deployed.interfaces.values() if one.instance_id == device for address in one.addresses
    }
    connections = [one for one in deployed.vpn_connections.values() if (one.customer_address in public) == own]
    return connections[0].tunnels[0].outside_address


def test_a_device_without_power_costs_half_of_the_flows_a_few_seconds(network: Network) -> None:
    network.wait(spreads, SETTLED_SECONDS, "the gateway to use four tunnels")
    active = master(network)
    other = next(one.id for one in network.instances() if one.user_data is not None and one.id != active)
    flows = Flows(network, CLOUD_HOST, IDC_HOST, FLOWS, seconds=WATCHED_SECONDS)
    flows.ways(gateway(network), PACKETS)
    network.fault("power-off", other)
    result = flows.result()
    left = equal_paths(network)
    network.fault("power-on", other)
    gaps = sorted(flow.longest_gap_seconds for flow in result.values())
    print(f"the other device lost its power: gaps {gaps[0]} to {gaps[-1]} s; then over {', '.join(left)}")
    assert gaps[-1] <= CUT_SECONDS
    assert len(left) == 2
    network.wait(healthy, TUNNELS_UP_SECONDS, "the device to be back")
    network.wait(spreads, SETTLED_SECONDS, "the gateway to use four tunnels")
