"""What can go wrong apart from the tunnels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.network.conftest import BGP, up
from tests.network.measuring import LEFT_SECONDS, STEERED_SECONDS, measured
from tests.network.site import QUIET_SECONDS, UP_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.measuring.outage import INTERVAL_SECONDS
from vpn_lab.network.network import Network
from vpn_model.unknown import known

pytestmark = pytest.mark.machine

BAD_PATH_SECONDS = 30
CLOCK_SECONDS = 600
WRONG_KEY = "a.wrong.key.for.this.tunnel"


@pytest.fixture(autouse=True)
def mended(site: Site) -> Iterator[None]:
    yield
    inject(site.network, "heal", ALL)


def left(site: Site) -> int:
    """Return how often the devices have left a tunnel so far."""
    return sum(record["times"] for record in site.steering())


@pytest.mark.parametrize("site", BGP, indirect=True)
def test_a_bad_path_is_no_dead_path_and_a_dead_one_is_found_on_it(site: Site) -> None:
    outside, before = str(site.aws_uses()), left(site)
    out, back = measured(
        site, BAD_PATH_SECONDS, partial(inject, site.network, "degrade", outside), "20 % loss, 200 ± 50 ms"
    )
    assert left(site) == before
    assert site.aws_uses() == outside
    dead = partial(inject, site.network, "blackhole", outside)
    out, back = measured(site, LEFT_SECONDS, dead, "blackhole of that path")
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= STEERED_SECONDS
    inject(site.network, "heal", outside)
    site.network.wait(lambda _: up(site), QUIET_SECONDS, "the path to be used again")


@pytest.mark.parametrize("site", BGP, indirect=True)
def test_a_clock_that_jumps_moves_nothing(site: Site) -> None:
    network, before = site.network, left(site)
    try:
        for seconds in (CLOCK_SECONDS, -CLOCK_SECONDS):
            jump = partial(inject, network, "clock", str(seconds))
            out, back = measured(site, LEFT_SECONDS, jump, f"clock jumps by {seconds} s")
            # arrival times use that clock, so packets are counted instead
            assert max(out.lost, back.lost) * INTERVAL_SECONDS <= STEERED_SECONDS
    finally:
        inject(network, "clock", str(int(time.time()) - int(network.run("internet", "date", "+%s"))))
    assert left(site) == before
    assert up(site)


@pytest.mark.parametrize("site", ["ScenarioDualTunnel"], indirect=True)
def test_a_wrong_key_stops_one_tunnel_and_the_status_says_which_and_why(site: Site) -> None:
    network, ec2 = site.network, site.network.region.client("ec2")
    connection = site.connections[0]
    outside = known(connection.tunnels[1].outside_address)
    right_key = network.deployed().pre_shared_keys[outside]
    names = {"VpnConnectionId": connection.id, "VpnTunnelOutsideIpAddress": outside}
    ec2.modify_vpn_tunnel_options(**names, TunnelOptions={"PreSharedKey": WRONG_KEY})
    try:
        network.wait(lambda _: network.deployed().pre_shared_keys[outside] == WRONG_KEY, 20, "the key at AWS's end")
        inject(network, "delete-ike", outside)
        network.wait(lambda _: site.telemetry()[outside] == "DOWN", 60, "tunnel 2 to be down")
        network.wait(lambda _: site.carries(), 60, "tunnel 1 to carry the traffic")
        network.wait(partial(says_why, site), 60, "the status to say why")
    finally:
        ec2.modify_vpn_tunnel_options(**names, TunnelOptions={"PreSharedKey": right_key})
    network.wait(lambda _: up(site), UP_SECONDS, "both tunnels")


def says_why(site: Site, _: Network) -> bool:
    said = site.network.call(site.devices[0].id, "cgw-status")["output"]
    line = next((line for line in said.splitlines() if "tunnel 2" in line), "")
    return "established" not in line and "auth" in line.lower()
