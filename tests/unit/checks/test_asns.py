"""Autonomous system numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import AddressingError
from cdk_aws_vpn.checks.asns import (
    check_amazon_side_asn,
    check_asns_differ,
    check_bgp_asn,
    check_existing_amazon_side_asn,
)
from tests import strategies as vpn

NUMBER_KNOWN_LATER: Any = -1.8881545897087968e289


@given(vpn.bgp_asns())
def test_every_asn_that_aws_does_not_use_is_accepted(asn: int) -> None:
    assert check_bgp_asn("bgp_asn", asn) == asn


@given(vpn.invalid_bgp_asns())
def test_every_other_asn_is_refused(asn: Any) -> None:
    with pytest.raises(AddressingError) as raised:
        check_bgp_asn("bgp_asn", asn)
    assert raised.value.value is asn or raised.value.value == asn


@given(vpn.amazon_side_asns())
def test_the_amazon_side_takes_every_private_asn(asn: int) -> None:
    assert check_amazon_side_asn("amazon_side_asn", asn) == asn


@given(vpn.invalid_amazon_side_asns() | st.sampled_from(["64512", True, None, 64512.5]))
def test_the_amazon_side_takes_no_other_asn(asn: Any) -> None:
    with pytest.raises(AddressingError, match="64512 to 65534, or 4200000000 to 4294967294"):
        check_amazon_side_asn("amazon_side_asn", asn)


@given(vpn.amazon_side_asns(), vpn.amazon_side_asns())
def test_two_ends_are_refused_exactly_when_their_asns_are_equal(customer: int, amazon: int) -> None:
    check_asns_differ(customer, amazon if amazon != customer else 65000 if customer != 65000 else 65001)
    with pytest.raises(AddressingError, match="external BGP"):
        check_asns_differ(customer, customer)


@pytest.mark.parametrize("check", [check_bgp_asn, check_amazon_side_asn])
def test_a_number_that_is_known_only_at_deployment_is_not_judged(check: Callable[[str, Any], Any]) -> None:
    assert check("property", NUMBER_KNOWN_LATER) == NUMBER_KNOWN_LATER
    check_asns_differ(NUMBER_KNOWN_LATER, NUMBER_KNOWN_LATER)


@pytest.mark.parametrize("asn", [7224, 9059, 10124, 17493, 17943])
def test_a_gateway_that_exists_may_have_an_asn_that_amazon_gave_it(asn: int) -> None:
    assert check_existing_amazon_side_asn("amazon_side_asn", asn) == asn
    with pytest.raises(AddressingError, match="64512 to 65534"):
        check_amazon_side_asn("amazon_side_asn", asn)


@pytest.mark.parametrize("asn", [0, 65535, 16509, "7224", None, True])
def test_a_gateway_that_exists_has_no_other_asn(asn: Any) -> None:
    with pytest.raises(AddressingError, match="amazon_side_asn"):
        check_existing_amazon_side_asn("amazon_side_asn", asn)


@pytest.mark.parametrize("asn", [float("-inf"), float("nan"), -1e300, "${Token[TOKEN.1]}", "dummy-value-for-/asn"])
@pytest.mark.parametrize("check", [check_bgp_asn, check_amazon_side_asn, check_existing_amazon_side_asn])
def test_what_the_template_cannot_take_as_a_number_is_refused(check: Callable[[str, Any], Any], asn: Any) -> None:
    with pytest.raises(AddressingError):
        check("asn", asn)
