"""One device with one static tunnel: an outage lasts until the path or the daemon is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine


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
