"""A tunnel without traffic stays up: nobody closes it, and both ends check each other."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.network.conftest import IDLE, Machines
from tests.network.site import Site

pytestmark = [pytest.mark.machine, pytest.mark.endurance]

IDLE_SECONDS = 600


@pytest.mark.parametrize("site", [IDLE], indirect=True)
def test_a_tunnel_is_up_after_ten_minutes_without_traffic(site: Site, machines: Machines) -> None:
    """The device of this scenario sends no probes, so only IKE passes. It has been idle since its last test."""
    since = machines.used_at.get(site.stack, time.monotonic())
    before = machines.tunnels.get(site.stack, site.tunnels)
    site.network.wait(lambda _: time.monotonic() - since > IDLE_SECONDS, IDLE_SECONDS + 1, "ten minutes")
    assert site.carries()
    assert associations(site.tunnels) == associations(before)


def associations(tunnels: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return what would change if a tunnel had been negotiated again."""
    established = {outside: one for outside, one in tunnels.items() if one["established"]}
    assert established
    return {outside: (one["ike"]["uniqueid"], one["esp"]["uniqueid"]) for outside, one in established.items()}
