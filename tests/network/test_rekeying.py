"""The tunnels survive new keys: whichever end begins, and if both begin at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.network.measuring import STEERED_SECONDS, measured
from tests.network.site import QUIET_SECONDS, Site
from tests.network.test_traffic import renewed
from vpn_lab.network.faults import ALL, inject
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine

ROUNDS = 2
MEASURED_SECONDS = 40
# AWS's end must have a tunnel's new associations within this time
RENEWED_SECONDS = 30.0


@pytest.fixture(autouse=True)
def mended(site: Site) -> Iterator[None]:
    yield
    inject(site.network, "heal", ALL)


def aws_renews(site: Site, kind: str) -> None:
    """Let AWS's end renew the keys of both tunnels."""
    for tunnel in site.tunnels.values():
        site.network.machine.call("rekey", gateway=tunnel["gateway"], name=tunnel["name"], kind=kind)


def device_renews(site: Site, kind: str) -> None:
    """Let the device renew the keys of both tunnels."""
    option = {"child": "--rekey-ipsec", "ike": "--rekey-ike"}[kind]
    for number in (1, 2):
        command = ("ipsec", "whack", option, "--name", f"tunnel{number}", "--asynchronous")
        site.network.call(site.devices[0].id, *command)


def both_renew(site: Site, kind: str) -> None:
    """Let both ends begin within the time that a request needs on its way."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(renew, site, kind) for renew in (aws_renews, device_renews)]:
            done.result()


@pytest.mark.parametrize("site", ["ScenarioDualTunnel"], indirect=True)
def test_many_renewals_keep_the_tunnels(site: Site) -> None:
    outages = measured(site, MEASURED_SECONDS, partial(renew_often, site), "new keys, begun by either end and by both")
    for outage in outages:
        assert outage.restored
        assert outage.longest_gap_seconds <= STEERED_SECONDS, "a tunnel was lost, and not only packets at a renewal"
    site.network.wait(lambda _: all(one["established"] for one in site.tunnels.values()), QUIET_SECONDS, "both tunnels")


def renew_often(site: Site) -> None:
    """Renew the keys of both phases several times, each time when the last renewal has ended."""
    for renew in (aws_renews, device_renews, both_renew) * ROUNDS:
        for kind, part in (("child", "esp"), ("ike", "ike")):
            before: dict[str, dict[str, Any]] = site.tunnels
            renew(site, kind)
            condition: Callable[[Network], bool] = partial(renewed, site, part, before)
            site.network.wait(condition, RENEWED_SECONDS, f"new keys for the {kind} associations")
