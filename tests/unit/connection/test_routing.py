"""Static routes and BGP as values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import AddressingError, Bgp, Static
from tests import strategies as vpn


@given(st.lists(vpn.cidrs(), min_size=1, max_size=10, unique=True))
def test_static_routing_keeps_its_networks_in_order(prefixes: list[str]) -> None:
    assert Static(prefixes).prefixes == tuple(prefixes)


@given(st.lists(vpn.cidrs(), min_size=1, max_size=5, unique=True))
def test_equal_routings_are_interchangeable(prefixes: list[str]) -> None:
    assert {Static(prefixes), Static(tuple(prefixes)), Bgp(), Bgp()} == {Static(prefixes), Bgp()}


@pytest.mark.parametrize("prefixes", [[], "10.60.0.0/16", ["10.60.0.0"], ["10.60.0.0/16"] * 2, [None], None])
def test_static_routing_without_usable_networks_is_refused(prefixes: Any) -> None:
    with pytest.raises(AddressingError, match="prefixes"):
        Static(prefixes)


def test_the_networks_of_a_routing_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        Static(["10.60.0.0/16"]).prefixes = ()  # type: ignore[misc]
