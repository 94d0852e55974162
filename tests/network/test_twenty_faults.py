"""The same fault repeatedly: the last test of its scenario, because the devices then distrust their tunnels.

That they trust them again is seen by the test of the power, which comes later: it begins when no tunnel is left.
"""

from __future__ import annotations

import pytest

from tests.network.conftest import BGP
from tests.network.site import UP_SECONDS, Site
from vpn_lab.network.faults import ALL, inject

pytestmark = [pytest.mark.machine, pytest.mark.endurance]

TIMES = 20
# by far less than AWS's hold time, each time
MOVED_SECONDS = 15


@pytest.mark.parametrize("site", BGP, indirect=True)
def test_the_same_fault_twenty_times_in_a_row(site: Site) -> None:
    network = site.network
    try:
        for _ in range(TIMES):
            outside = str(site.aws_uses())
            inject(network, "blackhole", outside)
            network.wait(lambda _: site.carries(), MOVED_SECONDS, "traffic on another path")
            inject(network, "heal", outside)
            network.wait(lambda _: site.answered(), UP_SECONDS, "the tunnel to be back")
    finally:
        inject(network, "heal", ALL)
    assert site.carries()
