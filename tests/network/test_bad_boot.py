"""Devices that lose their power together, and boot while a service that they need does not answer."""

from __future__ import annotations

import time
from functools import partial
from itertools import cycle

import pytest

from tests.network.conftest import IDLE, STATIC, Machines, up
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import inject
from vpn_lab.network.network import Network

pytestmark = [pytest.mark.machine, pytest.mark.endurance]

AWAY_SECONDS = 60
OTHERS = tuple(stack for stack in STATIC if stack != IDLE)


@pytest.mark.parametrize("site", [OTHERS[0]], indirect=True)
def test_a_boot_survives_a_missing_service_in_its_first_minute(site: Site, machines: Machines) -> None:
    """Each device misses one service, and all of them the key store, with no key left from an earlier boot.

    For all scenarios of the machine at once, except the one that idles meanwhile.
    """
    network = site.network
    sites = [machines.site(stack) for stack in OTHERS]
    devices = [device.id for one in sites for device in one.devices]
    for device in devices:
        network.run(device, "sh", "-c", "rm -f /etc/ipsec.d/*.secrets")
        inject(network, "power-off", device)
    missing = list(zip(cycle(("metadata", "region", "mirror")), devices, strict=False))
    try:
        inject(network, "service-down", "secretsmanager")
        for what, device in missing:
            inject(network, f"{what}-down", device)
        for one in sites:
            assert not one.pings()
            assert not one.pings(reverse=True)
        for device in devices:
            inject(network, "power-on", device)
        # this is the outage itself, which lasts this long regardless of what the devices do
        time.sleep(AWAY_SECONDS)
        assert not any(one.carries() for one in sites)
    finally:
        for what, device in missing:
            inject(network, f"{what}-up", device)
        inject(network, "service-up", "secretsmanager")
    for one in sites:
        network.wait(partial(is_up, one), 2 * UP_SECONDS, f"{one.stack} after a bad start")


def is_up(site: Site, _: Network) -> bool:
    return up(site) and site.carries()
