"""Two devices, four tunnels with BGP: a fault on the path in use costs a second or so."""

from __future__ import annotations

import pytest

from tests.network.conftest import CLOUD_HOST, IDC_HOST, TUNNELS_UP_SECONDS
from vpn_lab.network.network import Network
from vpn_lab.network.outage import Meter, Outage

pytestmark = pytest.mark.machine

WATCHED_SECONDS = 24
BLACKHOLE_SECONDS = 1.5
TAKEOVER_SECONDS = 30


def all_established(network: Network) -> bool:
    return [one["bgp"] for one in network.tunnels().values()] == ["Established"] * 4


def healthy(network: Network) -> bool:
    devices = [one.id for one in network.instances() if one.user_data is not None]
    return all(network.call(device, "cgw-status")["code"] == 0 for device in devices)


def tunnel_in_use(network: Network) -> str:
    """Return the outside address of the tunnel through which AWS sends to the data centre."""
    tunnels = network.tunnels()
    gateway = next(iter(tunnels.values()))["gateway"]
    interface = network.run(gateway, "ip", "-o", "route", "get", IDC_HOST).split(" dev ")[1].split()[0]
    return next(outside for outside, one in tunnels.items() if one["name"] == interface)


def reachable(network: Network) -> bool:
    return network.pings(IDC_HOST, CLOUD_HOST) and network.pings(CLOUD_HOST, IDC_HOST)


@pytest.fixture(autouse=True)
def undisturbed(dual_cgw_bgp: Network) -> None:
    """Begin each test with everything up, both ends included."""
    dual_cgw_bgp.wait(all_established, TUNNELS_UP_SECONDS, "four BGP sessions")
    dual_cgw_bgp.wait(healthy, TUNNELS_UP_SECONDS, "both devices to call themselves healthy")


def outages(network: Network, fault: str, target: str) -> dict[str, Outage]:
    meter = Meter(network, IDC_HOST, CLOUD_HOST, WATCHED_SECONDS)
    network.fault(fault, target)
    return meter.result()


def test_aws_learns_the_data_centre_over_every_tunnel(dual_cgw_bgp: Network) -> None:
    assert [one["prefixes"] for one in dual_cgw_bgp.tunnels().values()] == [["10.60.0.0/16"]] * 4


def test_the_route_is_propagated_into_the_vpc(dual_cgw_bgp: Network) -> None:
    tables = dual_cgw_bgp.deployed().route_tables.values()
    learned = [route for table in tables for route in table.routes if route.prefix == "10.60.0.0/16"]
    assert any(route.target.startswith("vgw-") for route in learned)


def test_a_blackholed_tunnel_is_left_within_the_bound(dual_cgw_bgp: Network) -> None:
    outside = tunnel_in_use(dual_cgw_bgp)
    result = outages(dual_cgw_bgp, "blackhole", outside)
    assert tunnel_in_use(dual_cgw_bgp) != outside
    dual_cgw_bgp.fault("heal", outside)
    assert {source: one.longest_gap_seconds <= BLACKHOLE_SECONDS for source, one in result.items()} == {
        IDC_HOST: True,
        CLOUD_HOST: True,
    }, result


def test_the_standby_takes_over_when_the_active_device_loses_power(dual_cgw_bgp: Network) -> None:
    active = next(
        one.id
        for one in dual_cgw_bgp.instances()
        if one.user_data and "vrrp      MASTER" in dual_cgw_bgp.run(one.id, "cgw-status")
    )
    dual_cgw_bgp.fault("power-off", active)
    dual_cgw_bgp.wait(reachable, TAKEOVER_SECONDS, "the standby to carry traffic both ways")
    dual_cgw_bgp.fault("power-on", active)
    dual_cgw_bgp.wait(healthy, TUNNELS_UP_SECONDS, "the device to be back")
    assert reachable(dual_cgw_bgp)
