"""Devices that lose their power, all at once, and that boot while something they need is away."""

from __future__ import annotations

import time
from functools import partial

import pytest

from tests.network.conftest import BGP, CLIENT_VPN, STATIC, TRANSIT, Machines, group_of, up
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine

AWAY_SECONDS = 60


@pytest.mark.parametrize("site", [STATIC[0], BGP[0], TRANSIT[0]], indirect=True)
def test_without_devices_no_host_reaches_another_and_with_them_everything_comes_back(
    site: Site, machines: Machines
) -> None:
    """For all scenarios of a machine at once: their devices boot side by side."""
    network = site.network
    sites = [machines.site(stack) for stack in group_of(site.stack)]
    devices = [device for one in sites for device in one.devices]
    for device in devices:
        network.fault("power-off", device.id)
    try:
        for one in sites:
            assert not one.pings()
            assert not one.pings(reverse=True)
    finally:
        for device in devices:
            network.fault("power-on", device.id)
    for one in sites:
        network.wait(partial(carries, one), 2 * UP_SECONDS, f"{one.stack} to carry traffic")


def carries(site: Site, _: Network) -> bool:
    return site.carries()


@pytest.mark.parametrize("site", [STATIC[0]], indirect=True)
def test_a_boot_survives_what_is_away_for_its_first_minute(site: Site, machines: Machines) -> None:
    """Each device misses something else, and all of them the key store, with no key left from an earlier boot."""
    network = site.network
    sites = [machines.site(stack) for stack in (STATIC[0], STATIC[1], CLIENT_VPN)]
    devices = [device.id for one in sites for device in one.devices]
    for device in devices:
        network.run(device, "sh", "-c", "rm -f /etc/ipsec.d/*.secrets")
        network.fault("power-off", device)
    missing = list(zip(("metadata", "region", "mirror"), devices, strict=True))
    try:
        network.fault("service-away", "secretsmanager")
        for what, device in missing:
            network.fault(f"{what}-away", device)
        for device in devices:
            network.fault("power-on", device)
        # the outage itself: it lasts so long, whatever the devices do meanwhile
        time.sleep(AWAY_SECONDS)
        assert not any(one.carries() for one in sites)
    finally:
        for what, device in missing:
            network.fault(f"{what}-back", device)
        network.fault("service-back", "secretsmanager")
    for one in sites:
        network.wait(partial(is_up, one), 2 * UP_SECONDS, f"{one.stack} after a bad start")


def is_up(site: Site, _: Network) -> bool:
    return up(site) and site.carries()
