"""Outages of the static scenarios. The device moves its own side at once; AWS follows its dead peer detection.

Each of them waits for timers and not for the processor, so they take place at the same time, each in its scenario.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.network.conftest import CLIENT_VPN, Machines, up
from tests.network.measuring import DETECTED_BY_AWS_SECONDS, STEERED_SECONDS, figures, measured
from tests.network.observed import answers, reported_health
from tests.network.site import CLOUD_HOST, IDC_HOST, UP_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.network import Network
from vpn_lab.network.users import Users

pytestmark = [pytest.mark.machine, pytest.mark.boots_a_device]

# AWS's dead peer detection takes 30 to 40 s
SECONDS = 50
ADDRESS_MOVED_SECONDS = 10
DETECTED_SECONDS = 60
"""AWS's dead peer detection takes 30 s, and the network's report a moment."""
ALARM_SECONDS = 60
"""Two of three periods, each shortened to a few seconds."""
PUBLISHED_SECONDS = 150
"""The device publishes once per minute."""
OUTAGE = "ScenarioSingleTunnel: Vpn outage"
CONNECTED_SECONDS = 60
# 20 s until silence is noticed, 60 s for a handshake with the same server, and the rest for the other one
TAKEOVER_SECONDS = 150


def an_outage_is_an_alarm_until_it_ends(site: Site) -> None:
    """A tunnel is cut: the alarm is raised, the logs and the device report it, and everything clears."""
    network = site.network
    outside = next(name for name, one in site.tunnels.items() if one["established"])
    network.wait(lambda _: alarm(site) == "OK", ALARM_SECONDS, "the alarm to be quiet while all is well")
    cut = time.time()
    inject(network, "blackhole", outside)
    try:
        network.wait(lambda _: site.telemetry()[outside] == "DOWN", DETECTED_SECONDS, "AWS to notice")
        network.wait(lambda _: alarm(site) == "ALARM", ALARM_SECONDS, "the alarm")
        network.wait(lambda _: reported_health(site, cut) == 0, PUBLISHED_SECONDS, "the device to say so")
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


def alarm(site: Site) -> str:
    found = site.network.region.client("cloudwatch").describe_alarms(AlarmNames=[OUTAGE])
    return str(found["MetricAlarms"][0]["StateValue"])


def a_blackholed_tunnel_is_left_by_the_device_at_once_and_by_aws_when_it_notices(site: Site) -> None:
    network, outside = site.network, str(site.aws_uses())
    try:
        out, back = measured(site, SECONDS, partial(inject, network, "blackhole", outside), "blackhole")
        assert site.aws_uses() not in (outside, None)
    finally:
        inject(network, "heal", outside)
    assert out.longest_gap_seconds <= STEERED_SECONDS
    assert back.restored
    assert back.longest_gap_seconds <= DETECTED_BY_AWS_SECONDS


def the_other_device_takes_over_when_the_active_one_loses_power(site: Site) -> None:
    active = site.master()
    try:
        out, back = measured(
            site, SECONDS, partial(inject, site.network, "power-off", active.id), "power loss of the active device"
        )
        assert site.target_of_idc() not in (active.id, None)
        assert site.carries()
    finally:
        inject(site.network, "power-on", active.id)
    assert back.restored
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= DETECTED_BY_AWS_SECONDS


def the_shared_address_moves_when_the_active_device_loses_power(site: Site) -> None:
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
    figures.append(f"{site.stack}, power loss: the address moved in {seconds:.1f} s, traffic in {carried:.1f} s")


def the_second_association_takes_over_when_the_first_is_cut(site: Site, keys: Path) -> None:
    users = Users(site.network, keys)
    users.connect("bob")
    try:
        site.network.wait(lambda _: users.connected("bob"), CONNECTED_SECONDS, "bob to be connected")
        site.network.wait(lambda _: users.reaches("bob", CLOUD_HOST, IDC_HOST), CONNECTED_SECONDS, "bob to reach both")
        first = users.state("bob")["server"]
        inject(site.network, "blackhole", first)
        try:
            site.network.wait(
                lambda _: users.state("bob")["server"] != first and users.reaches("bob", CLOUD_HOST, IDC_HOST),
                TAKEOVER_SECONDS,
                "the other association to carry traffic",
            )
        finally:
            inject(site.network, "heal", first)
    finally:
        users.disconnect("bob")


def outages(machines: Machines) -> dict[str, Callable[[Site], None]]:
    """Return the outage of each scenario."""
    takeover = partial(the_second_association_takes_over_when_the_first_is_cut, keys=machines.keys)
    return {**OUTAGES, CLIENT_VPN: takeover}


OUTAGES: dict[str, Callable[[Site], None]] = {
    "ScenarioSingleTunnel": an_outage_is_an_alarm_until_it_ends,
    "ScenarioDualTunnel": a_blackholed_tunnel_is_left_by_the_device_at_once_and_by_aws_when_it_notices,
    "ScenarioCgwCluster": the_shared_address_moves_when_the_active_device_loses_power,
    "ScenarioDualCgwStatic": the_other_device_takes_over_when_the_active_one_loses_power,
}
TESTED = {**OUTAGES, CLIENT_VPN: the_second_association_takes_over_when_the_first_is_cut}
IDS = [outage.__name__.replace("_", "-") for outage in TESTED.values()]


@pytest.fixture(scope="module")
def begun(machines: Machines) -> Iterator[dict[str, Future[None]]]:
    """Begin all outages, once all scenarios are as they should be."""
    sites, everything = [machines.site(stack) for stack in TESTED], outages(machines)
    for site in sites:
        site.network.wait(partial(is_up, site), UP_SECONDS, f"the tunnels of {site.stack}")
    with ThreadPoolExecutor(len(sites)) as pool:
        yield {site.stack: pool.submit(everything[site.stack], site) for site in sites}
    for site in sites:
        machines.expect_boot(site)


def is_up(site: Site, _: Network) -> bool:
    return up(site)


@pytest.mark.parametrize("stack", TESTED, ids=IDS)
def test_an_outage(stack: str, begun: dict[str, Future[None]], machines: Machines) -> None:
    """The second try of one that failed has the machine for itself."""
    outage = begun.pop(stack, None)
    if outage is not None:
        outage.result()
        return
    site = machines.site(stack)
    inject(site.network, "heal", ALL)
    site.network.wait(partial(is_up, site), UP_SECONDS, f"the tunnels of {stack}")
    outages(machines)[stack](site)
