"""Distinguishes what is known only later from literals, without calling the CDK."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdk_aws_vpn.checks.tokens import is_list_token, is_number_token, is_placeholder, is_token, stand_in


def encoded(position: int) -> float:
    """The number with which the CDK encodes the number token at a position of its list."""
    (number,) = struct.unpack(">d", struct.pack(">Q", 0xFBFF << 48 | position))
    return float(number)


@pytest.mark.parametrize(
    "value",
    [
        "${Token[AWS.Region.7]}",
        "prefix-${Token[TOKEN.12]}-suffix",
        "{{resolve:secretsmanager:psk:SecretString:::}}",
        "{{resolve:secretsmanager:${Token[TOKEN.3]}:SecretString:::}}",
        "{{resolve:ssm:/net/cidr:2}}",
        "${Token[Vpc.CidrBlock.4]}/${Token[TOKEN.5]}",
        ["#{Token[Vpc.Subnets.3]}"],
        ["10.0.0.0/8", "${Token[Vpc.CidrBlock.4]}"],
        ("${Token[AWS.Region.7]}",),
        encoded(0),
        int(encoded(1)),
        encoded(57),
        encoded(2**48 - 1),
    ],
)
def test_the_cdks_encodings_are_tokens(value: object) -> None:
    assert is_token(value)


@given(st.integers(0, 2**48 - 1))
def test_every_encoded_number_is_a_token(position: int) -> None:
    assert is_number_token(encoded(position))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "${AWS::Region}",
        "$Token",
        [],
        ["10.0.0.0/8"],
        True,
        None,
        0,
        -1.0,
        4,
        object(),
        -math.inf,
        math.nan,
        10**400,
    ],
)
def test_literals_are_no_tokens(value: object) -> None:
    assert not is_token(value)


@pytest.mark.parametrize(
    "value",
    [
        "${Token[",
        "${Token[]}",
        "${Token[a b]}",
        "{{resolve:",
        "{{resolve:ssm}}",
        "10.50.0.0/16 {{resolve:ssm:x}}\nEOF\ntouch /marker\n",
        "10.50.0.0/16\n${Token[TOKEN.1]}",
        "${Token[TOKEN.1]}'; touch /marker; '",
        "{{resolve:ssm:x'y}}",
        "{{resolve:ssm:$(touch /marker)}}",
    ],
)
def test_a_forged_token_is_a_literal(value: str) -> None:
    assert not is_token(value)


@given(st.integers(-(2**63), 2**63) | st.floats(-1e280) | st.floats(max_value=-1e292) | st.text(max_size=20))
def test_no_ordinary_value_is_taken_for_a_token(value: object) -> None:
    assume(not is_placeholder(value))  # Hypothesis also tries the constants of the module
    assert not is_token(value)


@pytest.mark.parametrize("value", ["1.2.3.4/5", "vpc-12345", "dummy-value-for-/net/tgw", "dummy-value-for-/net/ip/32"])
def test_a_placeholder_passes_as_a_token_and_something_stands_in_for_it(value: str) -> None:
    assert is_placeholder(value)
    assert is_token(value)
    assert stand_in(value, "10.0.0.0/16") == "10.0.0.0/16"


@pytest.mark.parametrize("value", ["${Token[TOKEN.1]}", "10.60.0.0/16", "vpc-0123456789abcdef0", None, 5])
def test_nothing_stands_in_for_a_token_or_a_literal(value: object) -> None:
    assert not is_placeholder(value)
    assert stand_in(value, "10.0.0.0/16") == value


def test_a_list_of_tokens_has_a_length_and_a_list_token_has_none() -> None:
    assert is_list_token(["#{Token[TOKEN.1]}"])
    assert not is_list_token(["${Token[TOKEN.1]}"])
