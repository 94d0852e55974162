"""Failover: the tunnel in use goes silent, and the outage of each direction is measured."""

from __future__ import annotations

import time
from dataclasses import dataclass

from vpn_lab.demo.ends import Ends
from vpn_lab.demo.story import Story
from vpn_lab.network.faults import inject
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.measuring.outage import Meter, Outage
from vpn_lab.network.network import Network

AWS_HOLD_SECONDS = 30
STEERED_SECONDS = 5.0
HEALED_SECONDS = 120


@dataclass(frozen=True)
class Expectation:
    """How a scenario is expected to handle a dead path."""

    watched_seconds: int
    heal_after_seconds: float | None
    """When the path is repaired during the measurement; ``None``: it stays dead."""
    idc_to_aws_seconds: float
    aws_to_idc_seconds: float
    why: str


ALONE = Expectation(16, 6.0, 16.0, 16.0,
    "This is the only tunnel, so the hosts cannot reach each other until the path is repaired, here after "
    "6 s.")  # fmt: skip
STATIC = Expectation(60, None, STEERED_SECONDS, 60.0,
    "The device probes its tunnels and moves its own traffic within a second. With static routes it cannot tell AWS, "
    "which keeps sending into the dead tunnel until its dead peer detection gives up after about 30 s.")  # fmt: skip
BGP = Expectation(14, None, STEERED_SECONDS, STEERED_SECONDS,
    f"AWS notices a silent BGP session only after its hold time of {AWS_HOLD_SECONDS} s, which cannot be changed. "
    "The device therefore probes its tunnels: after half a second without an answer, it announces its prefix with a "
    "shorter AS path over a healthy session, and AWS moves its traffic immediately.")  # fmt: skip


def expectation(tunnels: dict[str, dict[str, object]]) -> Expectation:
    """Return the expectation that fits the established tunnels and sessions."""
    established = [one for one in tunnels.values() if one["established"]]
    if len(established) < 2:
        return ALONE
    return BGP if any(one["bgp"] for one in established) else STATIC


def show(story: Story, network: Network, joined: Ends) -> None:
    """Blackhole the tunnel in use, measure the outage, and repair the tunnel."""
    tunnels = joined.tunnels(network)
    outside = joined.in_use(network) or next((name for name, one in tunnels.items() if one["established"]), None)
    expected = expectation(tunnels)
    story.step("Break the tunnel in use", f"The Internet now silently drops every packet from and to {outside}, the "
               f"tunnel that AWS uses. Both hosts ping each other 20 times per second. {expected.why}")  # fmt: skip
    if outside is None:
        story.checks.that(False, "a tunnel is in use")
        return
    meter = Meter(network, joined.idc.id, joined.aws.id, expected.watched_seconds)
    inject(network, "blackhole", outside)
    story.note(f"{outside} is blackholed; measuring for {expected.watched_seconds} s")
    if expected.heal_after_seconds is not None:
        time.sleep(expected.heal_after_seconds)
        inject(network, "heal", outside)
        story.note(f"{outside} is healed")
    result = meter.result()
    _evaluate(story, result[joined.idc.id], expected.idc_to_aws_seconds, "data centre → AWS")
    _evaluate(story, result[joined.aws.id], expected.aws_to_idc_seconds, "AWS → data centre")
    if expected.heal_after_seconds is None:
        now = joined.in_use(network)
        story.checks.that(now not in (outside, None), f"AWS now sends through {now}, no longer through {outside}")
    _heal(story, network, joined, outside)


def _evaluate(story: Story, outage: Outage, bound: float, direction: str) -> None:
    seconds = outage.longest_gap_seconds
    words = f"{direction}: {seconds:.2f} s without a packet, {outage.lost} of {outage.sent} lost"
    ending = f"(at most {bound:.0f} s)" if outage.restored else "and traffic did not resume"
    story.checks.that(outage.restored and seconds <= bound, f"{words} {ending}")


def _heal(story: Story, network: Network, joined: Ends, outside: str) -> None:
    story.step(
        "Heal it", "The path works again. The tunnel must come up without help, and the hosts must reach each other."
    )
    inject(network, "heal", outside)

    def healed(one: Network) -> bool:
        tunnel = joined.tunnels(one)[outside]
        up = tunnel["established"] and tunnel["bgp"] in (None, "Established")
        return bool(up) and joined.reach_each_other(one)

    try:
        seconds = network.wait(healed, HEALED_SECONDS, f"the tunnel {outside}")
    except MachineError as problem:
        story.checks.that(False, str(problem))
    else:
        story.checks.that(True, f"{outside} is up, and the hosts reach each other both ways, after {seconds:.1f} s")
