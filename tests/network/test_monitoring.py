"""What CloudWatch shows of a healthy tunnel: the device's own metrics, and the traffic."""

from __future__ import annotations

import time

import pytest

from tests.network.observed import reported_health, statistics
from tests.network.site import Site

pytestmark = pytest.mark.machine

PUBLISHED_SECONDS = 150
"""The device publishes once a minute."""
PERIOD_SECONDS = 60
ONE_TUNNEL = pytest.mark.parametrize("site", ["ScenarioSingleTunnel"], indirect=True)


@ONE_TUNNEL
def test_the_device_publishes_its_health_with_its_own_role(site: Site) -> None:
    site.network.wait(
        lambda _: reported_health(site, time.time() - PERIOD_SECONDS) == 1,
        PUBLISHED_SECONDS,
        "the device to say that it is healthy, and nothing else for a minute",
    )
    streams = site.network.region.client("logs").describe_log_streams(
        logGroupName="/cgw/ScenarioSingleTunnel/Monitoring"
    )
    assert [one["logStreamName"] for one in streams["logStreams"]] == ["Cgw"]


@ONE_TUNNEL
def test_traffic_is_counted_where_it_flows(site: Site) -> None:
    outside = next(name for name, one in site.tunnels.items() if one["established"])
    (vpn,) = site.connections
    began = time.time()
    dimensions = [{"Name": "VpnId", "Value": vpn.id}, {"Name": "TunnelIpAddress", "Value": outside}]

    def counted(_: object) -> bool:
        site.carries()
        return all(
            statistics(site, "AWS/VPN", name, dimensions, began).get("Sum", 0) > 0
            for name in ("TunnelDataIn", "TunnelDataOut")
        )

    site.network.wait(counted, 60, "bytes in both directions")
