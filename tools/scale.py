"""What a number of sites takes, by AWS's quotas and prices; ``make docs`` puts it into docs/scale.md.

One connection per site, with two tunnels, on transit gateways. Quotas are those that
:mod:`cdk_aws_vpn.foundation.quotas` checks; prices those of ``vpn_model/data/prices.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

from cdk_aws_vpn.foundation.quotas import TRANSIT_GATEWAY_ATTACHMENTS, VPN_CONNECTIONS_PER_REGION
from tools.marked import replace_marked
from vpn_model.costs.items import TUNNELS
from vpn_model.costs.prices import PriceList, read_prices

PAGE = Path("docs/scale.md")
SITES = (10, 1_000, 100_000)
SITES_PER_STACK = 10
# "AWS Transit Gateway quotas": all routes, dynamic and static, of all route tables of one gateway
ROUTES_PER_TRANSIT_GATEWAY = 10_000
# one alarm for an outage, one for lost redundancy, one per tunnel
ALARMS = 2 + TUNNELS


@dataclass(frozen=True)
class Need:
    """What so many sites need.

    Args:
        sites: How many.
        connections_per_region: Quota of VPN connections per account and Region.
        prefixes: Number of prefixes that each site announces.
    """

    sites: int
    connections_per_region: int = VPN_CONNECTIONS_PER_REGION.default
    prefixes: int = 2

    @property
    def regions(self) -> int:
        """Pairs of account and Region; each has its own quota."""
        return ceil(self.sites / self.connections_per_region)

    @property
    def sites_per_gateway(self) -> int:
        """How many sites fit on one transit gateway, limited by its attachments and its routes."""
        return min(TRANSIT_GATEWAY_ATTACHMENTS.default, ROUTES_PER_TRANSIT_GATEWAY // self.prefixes)

    @property
    def transit_gateways(self) -> int:
        """At least one per Region, and more where one is full."""
        return max(self.regions, ceil(self.sites / self.sites_per_gateway))

    @property
    def stacks(self) -> int:
        """Stacks of a ``VpnHub``."""
        return ceil(self.sites / SITES_PER_STACK)

    def hourly(self, prices: PriceList) -> dict[str, float]:
        """Return the cost per hour, without traffic and logs."""
        each = {
            "Site-to-Site VPN connection": 1,
            "transit gateway attachment": 1,
            "public IPv4 address": TUNNELS,
            "secret": 1,
            "CloudWatch alarm": ALARMS,
        }
        return {item: number * self.sites * prices.hourly[item] for item, number in each.items()}


def table(needs: list[Need], prices: PriceList) -> str:
    """Return the table of what each number of sites needs."""
    rows: list[tuple[str, list[str]]] = [
        ("tunnels, BGP sessions", [f"{TUNNELS * one.sites:,}" for one in needs]),
        ("customer gateways, connections, attachments", [f"{one.sites:,}" for one in needs]),
        (f"learned routes, {needs[0].prefixes} per site", [f"{one.sites * one.prefixes:,}" for one in needs]),
        (
            f"pairs of account and Region, with {needs[0].connections_per_region:,} connections each",
            [f"{one.regions:,}" for one in needs],
        ),
        ("transit gateways", [f"{one.transit_gateways:,}" for one in needs]),
        (f"stacks of `VpnHub`, {SITES_PER_STACK} sites each", [f"{one.stacks:,}" for one in needs]),
        ("alarms", [f"{ALARMS * one.sites:,}" for one in needs]),
        ("USD per hour", [f"{sum(one.hourly(prices).values()):,.2f}" for one in needs]),
        ("USD per month", [f"{prices.hours_per_month * sum(one.hourly(prices).values()):,.0f}" for one in needs]),
    ]
    head = [f"| | {' | '.join(f'{one.sites:,} sites' for one in needs)} |", f"|---|{'---:|' * len(needs)}"]
    return "\n".join([*head, *(f"| {title} | {' | '.join(cells)} |" for title, cells in rows)])


def document(text: str) -> str:
    """Return the page with its tables."""
    prices = read_prices()
    for name, granted in (("default", VPN_CONNECTIONS_PER_REGION.default), ("raised", 1_000)):
        needs = [Need(sites, granted) for sites in SITES]
        text = replace_marked(text, f"needs-{name}", table(needs, prices), "docs")
    items = Need(1).hourly(prices)
    lines = [f"| {item} | {prices.hours_per_month * price:.2f} |" for item, price in items.items()]
    lines.append(f"| **Total** | **{prices.hours_per_month * sum(items.values()):.2f}** |")
    bill = "\n".join(["| One site | USD per month |", "|---|---:|", *lines])
    note = f"Prices of {prices.region} in {prices.date}, without traffic, logs and the device."
    return replace_marked(text, "bill", f"{bill}\n\n{note}", "docs")
