"""A deployment that changes both connections of a pair interrupts the network no longer than a device without power."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.network.conftest import BGP, up
from tests.network.measuring import TAKEN_OVER_SECONDS, figures
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.measuring.outage import Meter
from vpn_lab.region.process import PROJECT

pytestmark = [pytest.mark.machine, pytest.mark.endurance]

# the outage ends with the measurement, so this is longer than any update takes
MEASURED_SECONDS = {"logs": 240, "profile": 420}
LOOK_SECONDS = 0.5


def deploy(site: Site, change: str) -> None:
    paths = os.pathsep.join([str(PROJECT / "constructs"), str(PROJECT)])
    app = f"{sys.executable} -m tests.network.changed_pair {change}"
    site.network.region.cdk(
        "deploy", site.stack, "--require-approval", "never", app=app, PYTHONPATH=paths, CDK_VALIDATION="false"
    )


@contextmanager
def watched(site: Site) -> Iterator[list[set[str]]]:
    """Note again and again which connections have a tunnel that AWS shows as DOWN."""
    seen: list[set[str]] = []
    ended = threading.Event()
    ec2 = site.network.region.client("ec2")
    ours = [connection.id for connection in site.connections]

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            shown = ec2.describe_vpn_connections(VpnConnectionIds=ours)["VpnConnections"]
            seen.append(
                {one["VpnConnectionId"] for one in shown if any(t["Status"] == "DOWN" for t in one["VgwTelemetry"])}
            )

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("change", ["logs", "profile"])
@pytest.mark.parametrize("site", BGP, indirect=True)
def test_an_update_of_a_pair_interrupts_no_longer_than_a_power_loss(site: Site, change: str) -> None:
    connections = {connection.id for connection in site.connections}
    with watched(site) as seen, ThreadPoolExecutor(1) as pool:
        meter = Meter(site.network, site.idc, site.cloud, MEASURED_SECONDS[change])
        update = pool.submit(deploy, site, change)
        found = meter.result()
        assert update.done(), "the update takes longer than the measurement"
        update.result()
    figures.append(f"{site.stack}, update of {change}: {found}")
    for outage in found.values():
        assert outage.restored
        assert outage.longest_gap_seconds <= TAKEN_OVER_SECONDS
    assert [one for one in seen if one == connections] == [], "tunnels of both devices were down together"
    assert set().union(*seen) == connections, "the update has changed no tunnel"
    site.network.wait(lambda _: up(site), UP_SECONDS, "all tunnels to be up")
