"""Names are short where nothing is lost, and ids are different for different things."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpn_model.picture.names import element_id, known_or, natural, short_name, zone_name
from vpn_model.unknown import Unknown
from vpn_model.vpc import Vpc

PARTS = st.lists(st.text(alphabet="a-_.$2f{é", max_size=6), min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Stack/Idc/Vpc", "Idc"),
        ("Stack/Idc/Vpc/PublicSubnet1", "PublicSubnet1"),
        ("Stack/Cgw", "Cgw"),
        ("prod/eu/vpn", "prod/eu/vpn"),
        ("Frankfurt", "Frankfurt"),
        (" ", "vpc-1"),
        ("", "vpc-1"),
    ],
)
def test_a_name_is_cut_only_if_it_is_a_path_of_the_cdk(name: str, short: str) -> None:
    assert short_name(Vpc("vpc-1", name, ()), "Stack") == short
    assert short_name(Vpc("vpc-1", name, ())) == (name.strip() or "vpc-1")


@given(PARTS, PARTS)
def test_different_things_have_different_ids(first: list[str], second: list[str]) -> None:
    ids = element_id("vpn-", *first), element_id("vpn-", *second)
    assert (ids[0] == ids[1]) == (first == second)
    assert all(re.fullmatch(r"vpn-[A-Za-z0-9_.-]*", one) for one in ids)


def test_the_zones_of_an_unknown_region_are_numbered() -> None:
    assert zone_name(Unknown("${GetAZs.1}")) == "Availability Zone 2"
    assert zone_name("us-east-1a") == "us-east-1a"


def test_numbers_are_in_their_order() -> None:
    assert sorted(["site-10", "site-2", "site", "\u00b2"], key=natural) == ["site", "site-2", "site-10", "\u00b2"]


def test_what_is_known_after_the_deployment_is_not_shown() -> None:
    assert known_or(Unknown("${A.PublicIp}"), "later") == known_or(None, "later") == "later"
    assert known_or("192.0.2.1", "later") == "192.0.2.1"
