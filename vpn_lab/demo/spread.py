"""ECMP: many flows over several tunnels at once, and a cut that affects only the flows of one tunnel."""

from __future__ import annotations

from vpn_lab.demo.ends import Ends
from vpn_lab.demo.story import Story
from vpn_lab.network.faults import inject
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.measuring.flows import Flows, allow, gaps, spread
from vpn_lab.network.network import Network
from vpn_model.unknown import known

COUNT = 32
# capture enough packets to see each flow more than once
PACKETS = 3 * COUNT
WATCHED_SECONDS = 16
EQUAL_SECONDS = 120
STEERED_SECONDS = 5.0
# an emulated processor pauses now and then
UNDISTURBED_SECONDS = 1.0


def equal_paths(network: Network, joined: Ends) -> list[str]:
    """Return the names of the tunnels over which the gateway spreads traffic for the data centre; empty if only one."""
    tables = network.state()[joined.gateway].get("transit", {}).values()
    names = {one["name"] for one in joined.tunnels(network).values()}
    routes = [tunnels for table in tables for tunnels in table.values() if set(tunnels) <= names]
    return max(routes, key=len, default=[])


def is_asked_for(network: Network, joined: Ends) -> bool:
    """Tell whether the gateway is a transit gateway with ECMP and several tunnels."""
    gateway = network.deployed().model.transit_gateways.get(joined.gateway)
    return gateway is not None and known(gateway.ecmp) and len(joined.tunnels(network)) > 1


def show(story: Story, network: Network, joined: Ends) -> None:
    """Count the flows of each tunnel, cut one tunnel, and measure its flows and the others separately."""
    count = len(joined.tunnels(network))
    story.step("Spread flows over equal paths", f"With ECMP, the transit gateway has {count} next hops for the data "
               f"centre and picks one per flow from its addresses and ports. {COUNT} UDP flows now run from AWS, all "
               "between the same two hosts, each from a different port.")  # fmt: skip

    def all_equal(one: Network) -> bool:
        return len(equal_paths(one, joined)) == count

    allow(network)
    try:
        network.wait(all_equal, EQUAL_SECONDS, f"{count} equal paths")
    except MachineError as problem:
        story.checks.that(False, str(problem))
        return
    flows = Flows(network, joined.aws.id, joined.idc.id, COUNT, WATCHED_SECONDS)
    ways = flows.ways(joined.gateway, PACKETS)
    outsides = {one["name"]: outside for outside, one in joined.tunnels(network).items()}
    for name, number in spread(ways).items():
        story.note(f"{outsides[name]}: {number} flows")
    story.checks.that(set(ways.values()) == set(outsides), f"all {count} tunnels carry flows")
    name = min(set(ways.values()))
    outside = outsides[name]
    story.step("Cut one of them", f"While the flows run, the Internet drops every packet from and to {outside}. The "
               "device's probes fail, and the transit gateway moves the flows to the other tunnels.")  # fmt: skip
    inject(network, "blackhole", outside)
    result = flows.result()
    cut, others = gaps(result, ways, name)
    story.checks.that(len(result) == COUNT, f"all {len(result)} flows arrived")
    story.checks.that(
        cut[-1] <= STEERED_SECONDS,
        f"the {len(cut)} flows of {outside}: interrupted for {cut[0]:.2f} to {cut[-1]:.2f} s "
        f"(at most {STEERED_SECONDS:.0f} s)",
    )
    story.checks.that(
        others[-1] <= UNDISTURBED_SECONDS,
        f"the other {len(others)} flows: no gap longer than {others[-1]:.2f} s (at most {UNDISTURBED_SECONDS:.0f} s)",
    )
    inject(network, "heal", outside)
    try:
        seconds = network.wait(all_equal, EQUAL_SECONDS, "its return")
    except MachineError as problem:
        story.checks.that(False, str(problem))
    else:
        story.checks.that(True, f"healed: {count} equal paths again after {seconds:.1f} s")
