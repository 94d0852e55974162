"""Distinguishes tokens from literals without calling the CDK."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn.checks.tokens import is_token


@pytest.mark.parametrize(
    "value",
    [
        "${Token[AWS.Region.7]}",
        "prefix-${Token[TOKEN.12]}-suffix",
        "{{resolve:secretsmanager:psk:SecretString:::}}",
        ["#{Token[Vpc.Subnets.3]}"],
        ["10.0.0.0/8", "${Token[Vpc.CidrBlock.4]}"],
        ("${Token[AWS.Region.7]}",),
        -1.8881545897087968e289,
    ],
)
def test_the_cdks_encodings_are_tokens(value: object) -> None:
    assert is_token(value)


@pytest.mark.parametrize(
    "value", ["", "${AWS::Region}", "$Token", [], ["10.0.0.0/8"], True, None, 0, -1.0, 4, object()]
)
def test_literals_are_no_tokens(value: object) -> None:
    assert not is_token(value)


@given(st.integers(-(2**63), 2**63) | st.floats(-1e280, 1e300) | st.text(max_size=20))
def test_no_ordinary_value_is_taken_for_a_token(value: object) -> None:
    assert not is_token(value)
