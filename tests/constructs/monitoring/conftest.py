"""Two sites that are watched, each synthesized once for a file."""

from __future__ import annotations

from typing import Any, cast

import pytest

from cdk_aws_vpn import CgwPair, VpnMonitoring
from tests.constructs.site import Site


@pytest.fixture(scope="module")
def branch() -> Site:
    """A firewall on premises, one line of monitoring."""
    site = Site()
    VpnMonitoring(site.stack, "Monitoring", connections=[site.connection()])
    return site


@pytest.fixture(scope="module")
def pair() -> Site:
    site = Site()
    devices = site.pair()
    CgwPair(site.stack, "Pair", **cast(Any, devices), idc_route_tables=site.idc.private_route_tables)
    connections = [device.connection for device in devices.values() if device.connection]
    VpnMonitoring(site.stack, "Monitoring", connections=connections, devices=list(devices.values()))
    return site
