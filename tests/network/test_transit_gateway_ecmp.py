"""Four equal tunnels: flows are spread over them, and a cut tunnel interrupts only its own flows for a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.conftest import TRANSIT, Machines
from tests.network.measuring import STEERED_SECONDS, figures
from tests.network.site import CLOUD_HOST, IDC_HOST, QUIET_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.measuring.flows import Flows, allow, gaps, spread

pytestmark = [pytest.mark.machine, pytest.mark.parametrize("site", TRANSIT, indirect=True)]

IDC = "10.60.0.0/16"
SECOND_CLOUD_HOST = "10.51.1.100"
VPCS = {"Cloud": CLOUD_HOST, "SecondCloud": SECOND_CLOUD_HOST}
"""Each VPC behind the transit gateway, and the address of its host."""
FLOWS = 32
WATCHED_SECONDS = 16
PACKETS = 3 * FLOWS
# how long a flow that changes its path may be interrupted while another tunnel is cut
UNDISTURBED_SECONDS = 0.7


@pytest.fixture(autouse=True)
def quiet(site: Site) -> Iterator[None]:
    """Start with four equal paths and security groups that allow the flows; repair everything afterwards."""
    allow(site.network)
    site.network.wait(lambda _: uses_all(site), QUIET_SECONDS, "the gateway to use four tunnels")
    yield
    inject(site.network, "heal", ALL)


def uses_all(site: Site) -> bool:
    return len(equal_paths(site)) == len(site.tunnels) == 4


def host_of(site: Site, vpc: str) -> str:
    """Return the name of a VPC's host: another scenario of the machine has hosts with the same addresses."""
    return f"{site.stack}/{vpc}/Host"


def equal_paths(site: Site) -> list[str]:
    """Return the tunnels through which the transit gateway sends to the data centre."""
    tables = site.network.state()[site.gateway]["transit"].values()
    return next((table[IDC] for table in tables if IDC in table), [])


def test_four_sessions_learn_the_data_centre(site: Site) -> None:
    tunnels = site.tunnels.values()
    assert [one["bgp"] for one in tunnels] == ["Established"] * 4
    assert [one["prefixes"] for one in tunnels] == [[IDC]] * 4


def test_the_api_shows_the_learned_route_over_both_connections(site: Site) -> None:
    ec2 = site.network.region.client("ec2")
    found = []
    for table in ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]:
        routes = ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
            Filters=[{"Name": "route-search.exact-match", "Values": [IDC]}],
        )["Routes"]
        found += [[one["ResourceType"] for one in route["TransitGatewayAttachments"]] for route in routes]
    assert found == [["vpn", "vpn"]]


@pytest.mark.parametrize(("vpc", "host"), VPCS.items())
def test_each_vpc_and_the_data_centre_reach_each_other(site: Site, vpc: str, host: str) -> None:
    assert site.network.pings(host_of(site, vpc), IDC_HOST)
    assert site.network.pings(site.idc, host)


def test_the_vpcs_do_not_reach_each_other(site: Site) -> None:
    """The route table of the transit gateway decides, whatever route a VPC's owner may add."""
    assert not site.network.pings(site.cloud, SECOND_CLOUD_HOST)
    tables = [table for table in site.network.state()[site.gateway]["transit"].values() if table]
    assert [sorted(table) for table in tables] == [[IDC]]


@pytest.mark.parametrize("vpc", VPCS)
def test_flows_from_aws_are_spread_over_four_tunnels(site: Site, vpc: str) -> None:
    flows = Flows(site.network, host_of(site, vpc), site.idc, FLOWS, seconds=8)
    ways = flows.ways(site.gateway, PACKETS)
    assert len(flows.result()) == FLOWS
    figures.append(f"{site.stack}, {FLOWS} flows from {vpc}: {spread(ways)}")
    assert set(ways.values()) == {one["name"] for one in site.tunnels.values()}


def test_flows_from_the_data_centre_are_spread_over_both_tunnels_of_a_device(site: Site) -> None:
    flows = Flows(site.network, site.idc, site.cloud, FLOWS, seconds=8)
    ways = flows.ways(site.master().id, PACKETS)
    assert len(flows.result()) == FLOWS
    figures.append(f"{site.stack}, {FLOWS} flows from the data centre: {spread(ways)}")
    assert set(ways.values()) == {"ipsec1", "ipsec2"}


@pytest.mark.parametrize("whose", ["the master", "the other device"])
def test_a_cut_tunnel_interrupts_its_own_flows_only(site: Site, whose: str) -> None:
    master = site.master()
    device = master if whose == "the master" else next(one for one in site.devices if one.id != master.id)
    outside = site.outside_addresses(device)[0]
    name = site.tunnels[outside]["name"]
    flows = Flows(site.network, site.cloud, site.idc, FLOWS, seconds=WATCHED_SECONDS)
    ways = flows.ways(site.gateway, PACKETS)
    inject(site.network, "blackhole", outside)
    result = flows.result()
    assert sorted(equal_paths(site)) == sorted({one["name"] for one in site.tunnels.values()} - {name})
    cut, others = gaps(result, ways, name)
    figures.append(
        f"{site.stack}, a tunnel of {whose} cut: its {len(cut)} flows out for {cut[0]:.2f} to {cut[-1]:.2f} s, "
        f"largest gap of the {len(others)} others {others[-1]:.2f} s"
    )
    assert len(result) == FLOWS
    assert UNDISTURBED_SECONDS < cut[0] <= cut[-1] <= STEERED_SECONDS
    assert others[-1] <= UNDISTURBED_SECONDS


@pytest.mark.boots_a_device
def test_a_device_without_power_costs_the_flows_of_its_tunnels_a_few_seconds(site: Site, machines: Machines) -> None:
    """The device that the data centre's route does not point to, so that no election hides the effect."""
    master = site.master()
    other = next(one for one in site.devices if one.id != master.id)
    flows = Flows(site.network, site.cloud, site.idc, FLOWS, seconds=WATCHED_SECONDS)
    flows.ways(site.gateway, PACKETS)
    inject(site.network, "power-off", other.id)
    result = flows.result()
    left = equal_paths(site)
    inject(site.network, "power-on", other.id)
    machines.expect_boot(site)
    longest = max(flow.longest_gap_seconds for flow in result.values())
    figures.append(f"{site.stack}, the other device without power: longest gap {longest:.2f} s")
    assert len(result) == FLOWS
    assert longest <= STEERED_SECONDS
    assert len(left) == 2
