"""All devices lose power at once, and recover without help."""

from __future__ import annotations

from functools import partial

import pytest

from tests.network.conftest import BGP, IDLE, Machines, group_of
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import inject
from vpn_lab.network.network import Network

pytestmark = [pytest.mark.machine, pytest.mark.endurance]


@pytest.mark.parametrize("site", [IDLE, BGP[0]], indirect=True)
def test_without_devices_no_host_reaches_another_and_with_them_everything_comes_back(
    site: Site, machines: Machines
) -> None:
    """For all scenarios of a machine at once: their devices boot side by side. Those with a bad boot had their turn."""
    network = site.network
    sites = [site] if site.stack == IDLE else [machines.site(stack) for stack in group_of(site.stack)]
    devices = [device for one in sites for device in one.devices]
    for device in devices:
        inject(network, "power-off", device.id)
    try:
        for one in sites:
            assert not one.pings()
            assert not one.pings(reverse=True)
    finally:
        for device in devices:
            inject(network, "power-on", device.id)
    for one in sites:
        network.wait(partial(carries, one), 2 * UP_SECONDS, f"{one.stack} to carry traffic")


def carries(site: Site, _: Network) -> bool:
    return site.carries()
