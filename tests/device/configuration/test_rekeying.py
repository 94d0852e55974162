"""The device always renews its keys before AWS begins, so the two never begin together."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.device.configuration import DeviceConfig, render_files
from cdk_aws_vpn.errors import TunnelOptionsError
from tests.device.shapes import single_tunnel

SAME = single_tunnel().tunnels[0]
# two requests that cross on the way: a second is more than any path needs
CROSSING_SECONDS = 1.0


def device(negotiation: Negotiation) -> DeviceConfig:
    return replace(single_tunnel(), tunnels=(replace(SAME, negotiation=negotiation),))


def written(negotiation: Negotiation) -> dict[str, int]:
    """Return what libreswan is told, read from its configuration."""
    text = render_files(device(negotiation))["/etc/ipsec.conf"]
    found = re.findall(r"^\t(ikelifetime|salifetime|rekeymargin|rekeyfuzz)=(\d+)[s%]$", text, re.MULTILINE)
    assert len(found) == 4
    return {name: int(value) for name, value in found}


def device_begins(options: dict[str, int], lifetime: str, *, initiator: bool, draw: random.Random) -> float:
    """Libreswan 4: the initiator adds a random part of the fuzz to its margin, the responder halves the margin."""
    margin: float = options["rekeymargin"]
    margin = margin * (1 + options["rekeyfuzz"] / 100 * draw.random()) if initiator else margin / 2
    return options[lifetime] - margin


def aws_begins(lifetime: int, negotiation: Negotiation, draw: random.Random) -> float:
    """Both readings of AWS's documents: the fuzz makes the margin longer, or chooses a moment within it."""
    margin, fuzz = negotiation.rekey_margin_time_seconds, negotiation.rekey_fuzz_percentage / 100
    longer = lifetime - margin * (1 + fuzz * draw.random())
    within = lifetime - margin + margin * fuzz * draw.random()
    return min(longer, within)


@given(st.data())
def test_over_many_renewals_the_two_ends_never_begin_together(data: st.DataObject) -> None:
    phase1 = data.draw(st.integers(901, 28800))
    phase2 = data.draw(st.integers(900, min(3600, phase1 - 1)))
    changes: dict[str, Any] = {
        "phase1_lifetime_seconds": phase1,
        "phase2_lifetime_seconds": phase2,
        "rekey_margin_time_seconds": data.draw(st.integers(60, phase2 // 2)),
        "rekey_fuzz_percentage": data.draw(st.integers(0, 100)),
    }
    negotiation = replace(SAME.negotiation, **changes)
    longest = negotiation.rekey_margin_time_seconds * (1 + negotiation.rekey_fuzz_percentage / 100)
    if longest > phase2 - 270:
        with pytest.raises(TunnelOptionsError, match=r"rekey_margin_time_seconds"):
            device(negotiation)
        return
    draw = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 -- a simulation
    options = written(negotiation)
    for _ in range(200):
        for name, lifetime in (("ikelifetime", phase1), ("salifetime", phase2)):
            for initiator in (True, False):
                ours = device_begins(options, name, initiator=initiator, draw=draw)
                assert 0 < ours < aws_begins(lifetime, negotiation, draw) - CROSSING_SECONDS


def test_equal_margins_would_meet() -> None:
    """The simulation finds what it looks for: with AWS's own values, the two ends meet within several hours."""
    draw, negotiation = random.Random(1), SAME.negotiation  # noqa: S311 -- a simulation
    same = {"salifetime": 3600, "rekeymargin": 270, "rekeyfuzz": 100}
    pairs = [
        (device_begins(same, "salifetime", initiator=True, draw=draw), aws_begins(3600, negotiation, draw))
        for _ in range(2000)
    ]
    assert any(abs(ours - theirs) < CROSSING_SECONDS for ours, theirs in pairs)
