"""A tunnel is cut on the network: the alarm is raised, the logs and the device report it, and everything clears."""

from __future__ import annotations

import json
import time

import pytest

from tests.network.observed import answers, statistics
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import inject

pytestmark = pytest.mark.machine

DETECTED_SECONDS = 60
"""AWS's dead peer detection takes 30 s, and the network's report a moment."""
ALARM_SECONDS = 60
"""Two of three periods, each shortened to a few seconds."""
PUBLISHED_SECONDS = 150
"""The device publishes once a minute."""
PERIOD_SECONDS = 60
ONE_TUNNEL = pytest.mark.parametrize("site", ["ScenarioSingleTunnel"], indirect=True)
OUTAGE = "ScenarioSingleTunnel: Vpn outage"
DEVICE = {"Name": "Device", "Value": "ScenarioSingleTunnel/Cgw"}


def alarm(site: Site) -> str:
    found = site.network.region.client("cloudwatch").describe_alarms(AlarmNames=[OUTAGE])
    return str(found["MetricAlarms"][0]["StateValue"])


def healthy_since(site: Site, moment: float, wanted: int) -> bool:
    return statistics(site, "CustomerGateway", "Healthy", [DEVICE], moment).get("Minimum") == wanted


@ONE_TUNNEL
def test_the_device_publishes_its_health_with_its_own_role(site: Site) -> None:
    site.network.wait(
        lambda _: healthy_since(site, time.time() - PERIOD_SECONDS, 1),
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


@ONE_TUNNEL
def test_an_outage_is_an_alarm_until_it_ends(site: Site) -> None:
    network = site.network
    outside = next(name for name, one in site.tunnels.items() if one["established"])
    network.wait(lambda _: alarm(site) == "OK", ALARM_SECONDS, "the alarm to be quiet while all is well")
    cut = time.time()
    inject(network, "blackhole", outside)
    try:
        network.wait(lambda _: site.telemetry()[outside] == "DOWN", DETECTED_SECONDS, "AWS to notice")
        network.wait(lambda _: alarm(site) == "ALARM", ALARM_SECONDS, "the alarm")
        network.wait(lambda _: healthy_since(site, cut, 0), PUBLISHED_SECONDS, "the device to say so")
    finally:
        inject(network, "heal", outside)
    network.wait(lambda _: site.telemetry()[outside] == "UP", UP_SECONDS, "the tunnel to be back")
    network.wait(lambda _: alarm(site) == "OK", ALARM_SECONDS, "the alarm to end")
    reasons = [row for row in answers(site, "why did a tunnel go down") if outside in row["@logStream"]]
    assert reasons[0]["details"] == "AWS tunnel DPD timed out after 3 retransmits"
    states = [row["ike_phase1_state"] for row in answers(site, "what was negotiated") if outside in row["@logStream"]]
    assert "established" in states
    history = network.region.client("cloudwatch").describe_alarm_history(AlarmName=OUTAGE)["AlarmHistoryItems"]
    moves = [json.loads(item["HistoryData"])["newState"]["stateValue"] for item in history]
    assert {"ALARM", "OK"} <= set(moves)
