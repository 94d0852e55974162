"""Two devices, four tunnels with BGP: a fault on the path in use costs about a second, and a recovery nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.network.conftest import BGP, Machines, up
from tests.network.measuring import LEFT_SECONDS, REPLACED_SECONDS, STEERED_SECONDS, TAKEN_OVER_SECONDS, measured
from tests.network.site import QUIET_SECONDS, Site
from vpn_lab.network.faults import ALL, inject
from vpn_model.hosts import Instance

pytestmark = [pytest.mark.machine, pytest.mark.parametrize("site", BGP, indirect=True)]

# longer than the limit, so that an outage that never ends is too long
TAKEOVER_SECONDS = 10
RECOVERY_SECONDS = 12
PROCESSES = ("pluto", "bgpd", "keepalived")


@pytest.fixture(autouse=True)
def quiet(site: Site) -> Iterator[None]:
    """Repair everything, and wait until no device steers."""
    yield
    inject(site.network, "heal", ALL)
    if any(record["left"] for record in site.steering()):
        site.forget_faults()


def test_a_blackholed_tunnel_is_left_at_once_and_taken_back_without_a_loss(site: Site) -> None:
    outside = str(site.aws_uses())
    out, back = measured(site, LEFT_SECONDS, partial(inject, site.network, "blackhole", outside), "blackhole")
    assert site.aws_uses() not in (outside, None)
    assert site.telemetry()[outside] == "UP", "AWS's own timers are longer than this"
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= STEERED_SECONDS

    out, back = measured(site, RECOVERY_SECONDS, partial(inject, site.network, "heal", outside), "its recovery")
    assert (out.lost, back.lost) == (0, 0)


def test_a_standby_tunnel_that_dies_costs_nothing(site: Site) -> None:
    in_use = site.aws_uses()
    own = site.outside_addresses(site.master())
    spare = next(one for one in site.tunnels if one not in own and one != in_use)
    fault = partial(inject, site.network, "blackhole", spare)
    out, back = measured(site, LEFT_SECONDS, fault, "blackhole of a spare tunnel")
    assert (out.lost, back.lost) == (0, 0)


def test_a_replaced_endpoint_costs_next_to_nothing(site: Site) -> None:
    outside = str(site.aws_uses())
    fault = partial(inject, site.network, "replace-endpoint", outside)
    out, back = measured(site, LEFT_SECONDS, fault, "endpoint replaced")
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= REPLACED_SECONDS
    assert site.tunnels[outside]["established"]


@pytest.mark.boots_a_device
def test_the_other_device_takes_over_when_the_active_one_loses_power(site: Site, machines: Machines) -> None:
    active = site.master()
    fault = partial(inject, site.network, "power-off", active.id)
    try:
        out, back = measured(site, TAKEOVER_SECONDS, fault, "power loss of the active device")
        assert site.target_of_idc() not in (active.id, None)
    finally:
        inject(site.network, "power-on", active.id)
        machines.expect_boot(site)
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= TAKEN_OVER_SECONDS


def test_the_other_device_takes_over_when_both_tunnels_of_the_active_one_die_and_gives_back_in_time(site: Site) -> None:
    """Twice within AWS's hold time: the second time, there are two old path lengths to outbid."""
    first = site.master()
    both_die(site, first)
    second = site.master()
    assert second.id != first.id
    assert site.target_of_idc() == second.id
    for outside in site.outside_addresses(first):
        inject(site.network, "heal", outside)
    site.network.wait(lambda _: stands_ready(site, first), QUIET_SECONDS, "the first device to stand ready")
    both_die(site, second)
    assert site.master().id == first.id
    assert site.target_of_idc() == first.id


def both_die(site: Site, device: Instance) -> None:
    def fault() -> None:
        for outside in site.outside_addresses(device):
            inject(site.network, "blackhole", outside)

    out, back = measured(site, TAKEOVER_SECONDS, fault, "both tunnels of the active device dead")
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= TAKEN_OVER_SECONDS


def stands_ready(site: Site, device: Instance) -> bool:
    return site.answered() and site.state_file(device, "vrrp") == "BACKUP"


def test_a_drained_device_hands_over_without_a_loss(site: Site) -> None:
    active = site.master()
    out, back = measured(site, RECOVERY_SECONDS, lambda: drain(site, active), "drain")
    try:
        assert site.master().id != active.id
        assert site.target_of_idc() != active.id
        assert (out.lost, back.lost) == (0, 0)
    finally:
        site.network.run(active.id, "cgw", "undrain", seconds=60)


def drain(site: Site, device: Instance) -> None:
    site.network.run(device.id, "cgw", "drain", seconds=60)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_killed_daemon_heals_by_itself(site: Site, process: str) -> None:
    active = site.master()
    fault = partial(inject, site.network, "kill", f"{active.id}/{process}")
    out, back = measured(site, TAKEOVER_SECONDS, fault, f"{process} of the active device killed")
    assert max(out.longest_gap_seconds, back.longest_gap_seconds) <= TAKEN_OVER_SECONDS
    site.network.wait(lambda _: up(site), QUIET_SECONDS, f"{process} and all that needs it")
