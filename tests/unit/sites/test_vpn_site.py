"""The place of a site by its number, and what sites must not share."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import AddressingError, Bgp, Site, Static, VpnConfigurationError
from cdk_aws_vpn.checks.addressing import RESERVED_INSIDE_CIDRS, check_inside_cidr
from cdk_aws_vpn.sites.vpn_site import HIGHEST_SITE_NUMBER, check_sites, site_inside_cidrs

numbers = st.integers(0, HIGHEST_SITE_NUMBER)


def site(number: int, **options: Any) -> Site:
    defaults = {"name": f"site-{number}", "address": f"203.0.113.{number % 256}"}
    return Site(number=number, **{**defaults, **options})


def test_every_number_has_two_blocks_that_aws_accepts_and_no_other_number_has() -> None:
    blocks = [block for number in range(HIGHEST_SITE_NUMBER + 1) for block in site_inside_cidrs(number)]
    assert len(set(blocks)) == len(blocks) == 2 * (HIGHEST_SITE_NUMBER + 1)
    assert not set(blocks) & set(RESERVED_INSIDE_CIDRS)
    for block in blocks:
        check_inside_cidr("inside_cidr", block)


def test_the_numbers_are_those_that_the_documentation_names() -> None:
    assert HIGHEST_SITE_NUMBER == 7998
    assert site_inside_cidrs(0) == ("169.254.6.0/30", "169.254.6.4/30")
    assert site_inside_cidrs(HIGHEST_SITE_NUMBER) == ("169.254.255.248/30", "169.254.255.252/30")


@given(numbers, numbers)
def test_the_blocks_follow_the_order_of_the_numbers(first: int, second: int) -> None:
    low, high = (ipaddress.IPv4Network(site_inside_cidrs(number)[0]) for number in sorted((first, second)))
    assert low <= high


def test_the_routing_is_that_of_the_connection() -> None:
    assert site(0).vpn_routing == Bgp()
    assert site(0, routing="static", prefixes=["10.1.0.0/16"]).vpn_routing == Static(["10.1.0.0/16"])


@given(st.lists(st.integers(0, 255), min_size=1, max_size=30, unique=True), st.data())
def test_networks_overlap_whatever_the_order(octets: list[int], data: st.DataObject) -> None:
    sites = [site(number, prefixes=[f"10.{number}.0.0/16"]) for number in octets]
    assert check_sites(sites) == tuple(sites)
    victim = data.draw(st.sampled_from(octets))
    inner = data.draw(st.integers(0, 255))
    intruder = site(5000, prefixes=[f"10.{victim}.{inner}.0/24"])
    with pytest.raises(AddressingError) as raised:
        check_sites(data.draw(st.permutations([*sites, intruder])))
    assert raised.value.value == f"10.{victim}.{inner}.0/24" or inner == 0
    assert f"site-{victim}" in str(raised.value)
    assert "site-5000" in str(raised.value)


def test_a_wide_network_is_found_behind_a_narrow_one_of_its_own_site() -> None:
    wide = site(1, prefixes=["10.0.0.0/8", "10.1.0.0/16"])
    with pytest.raises(AddressingError, match="site-2"):
        check_sites([wide, site(2, prefixes=["10.2.0.0/16"])])


@pytest.mark.parametrize("other", [{"number": 1, "name": "b"}, {"number": 2, "name": "SITE-1"}])
def test_numbers_and_names_are_unique(other: dict[str, Any]) -> None:
    with pytest.raises(VpnConfigurationError, match="no other site has"):
        check_sites([site(1), Site(address="203.0.113.9", **other)])


def test_the_devices_of_a_branch_have_the_same_networks_and_inside_addresses_of_their_own() -> None:
    first = site(1, prefixes=["10.1.0.0/16"])
    second = site(2, prefixes=["10.1.0.0/16", "10.2.0.0/16"], branch="Site-1")
    assert check_sites([second, first]) == (second, first)
    with pytest.raises(AddressingError, match="site-3"):
        check_sites([first, second, site(3, prefixes=["10.2.0.0/24"])])


@pytest.mark.parametrize("branch", ["", "two words", 5])
def test_a_branch_is_named_like_a_site(branch: Any) -> None:
    with pytest.raises(VpnConfigurationError, match="branch"):
        site(1, branch=branch)
