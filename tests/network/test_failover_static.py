"""Static routes: the device moves its own side at once; AWS's side follows AWS's dead peer detection."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.network.conftest import Machines
from tests.network.measuring import DETECTED_BY_AWS_SECONDS, STEERED_SECONDS, figures, measured
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine

# AWS's dead peer detection takes 30 to 40 s
SECONDS = 50
ADDRESS_MOVED_SECONDS = 10


@pytest.fixture(autouse=True)
def mended(site: Site) -> Iterator[None]:
    yield
    inject(site.network, "heal", ALL)


@pytest.mark.parametrize("site", ["ScenarioSingleTunnel"], indirect=True)
def test_a_single_tunnel_is_down_until_its_path_is_back(site: Site) -> None:
    outside = next(name for name, one in site.tunnels.items() if one["established"])
    inject(site.network, "blackhole", outside)
    assert not site.pings()
    inject(site.network, "heal", outside)
    site.network.wait(lambda _: site.carries(), UP_SECONDS, "the tunnel to carry traffic again")


@pytest.mark.parametrize("site", ["ScenarioSingleTunnel"], indirect=True)
def test_a_killed_pluto_heals_by_itself(site: Site) -> None:
    device = site.devices[0].id
    before = site.network.run(device, "pidof", "pluto")
    inject(site.network, "kill", f"{device}/pluto")
    site.network.wait(lambda network: restarted(network, device, before), UP_SECONDS, "another pluto")
    site.network.wait(lambda _: site.carries(), UP_SECONDS, "the tunnel to carry traffic again")


def restarted(network: Network, device: str, before: str) -> bool:
    return network.call(device, "pidof", "pluto")["output"] not in (before, "")


@pytest.mark.parametrize("site", ["ScenarioDualTunnel"], indirect=True)
def test_a_blackholed_tunnel_is_left_by_the_device_at_once_and_by_aws_when_it_notices(site: Site) -> None:
    network, outside = site.network, str(site.aws_uses())
    out, back = measured(site, SECONDS, partial(inject, network, "blackhole", outside), "blackhole")
    assert out.longest_gap_seconds <= STEERED_SECONDS
    assert back.restored
    assert back.longest_gap_seconds <= DETECTED_BY_AWS_SECONDS
    assert site.aws_uses() not in (outside, None)


@pytest.mark.boots_a_device
@pytest.mark.parametrize("site", ["ScenarioDualCgwStatic"], indirect=True)
def test_the_other_device_takes_over_when_the_active_one_loses_power(site: Site, machines: Machines) -> None:
    active = site.master()
    try:
        out, back = measured(
            site, SECONDS, partial(inject, site.network, "power-off", active.id), "power loss of the active device"
        )
        assert site.target_of_idc() not in (active.id, None)
        assert site.carries()
    finally:
        inject(site.network, "power-on", active.id)
        machines.expect_boot(site)
    assert back.restored
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= DETECTED_BY_AWS_SECONDS


@pytest.mark.boots_a_device
@pytest.mark.parametrize("site", ["ScenarioCgwCluster"], indirect=True)
def test_the_shared_address_moves_when_the_active_device_loses_power(site: Site, machines: Machines) -> None:
    network, active = site.network, site.master()
    customer_gateways = network.deployed().model.customer_gateways
    shared = customer_gateways[site.connections[0].customer_gateway_id].address

    def moved(_: Network) -> bool:
        owners = network.deployed().model.interfaces.values()
        holder = next((one.instance_id for one in owners for address in one.addresses if address.public == shared), "")
        return holder not in ("", active.id)

    inject(network, "power-off", active.id)
    try:
        seconds = network.wait(moved, ADDRESS_MOVED_SECONDS, "the shared address to move")
        carried = seconds + network.wait(lambda _: site.carries(), UP_SECONDS, "the other device to carry traffic")
    finally:
        inject(network, "power-on", active.id)
        machines.expect_boot(site)
    figures.append(f"{site.stack}, power loss: the address moved in {seconds:.1f} s, traffic in {carried:.1f} s")
