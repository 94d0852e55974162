"""The calculations for many sites, and the page that shows them."""

from __future__ import annotations

import pytest

from tests.project.conftest import REPOSITORY
from tools.scale import PAGE, Need, document
from vpn_model.costs.prices import read_prices


def test_the_page_is_current() -> None:
    text = (REPOSITORY / PAGE).read_text()
    assert document(text) == text, "run make docs"


@pytest.mark.parametrize(
    ("need", "regions", "gateways", "stacks"),
    [
        (Need(50), 1, 1, 5),
        (Need(51), 2, 2, 6),
        (Need(1_000, 1_000), 1, 1, 100),
        # the connections are granted, and a transit gateway is full
        (Need(6_000, 6_000), 1, 2, 600),
        (Need(6_000, 6_000, prefixes=1), 1, 2, 600),
        (Need(5_000, 5_000, prefixes=4), 1, 2, 500),
    ],
)
def test_the_quota_that_binds_decides(need: Need, regions: int, gateways: int, stacks: int) -> None:
    assert (need.regions, need.transit_gateways, need.stacks) == (regions, gateways, stacks)


def test_twice_the_sites_cost_twice_as_much() -> None:
    prices = read_prices()
    one, two = (sum(Need(sites).hourly(prices).values()) for sites in (7, 14))
    assert two == pytest.approx(2 * one)
    assert one > 7 * prices.hourly["Site-to-Site VPN connection"]
