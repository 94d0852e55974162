"""The options of a tunnel: the range of each, and their combinations."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import (
    CNSA,
    COMPATIBILITY,
    RECOMMENDED,
    AddressingError,
    SecurityProfile,
    TunnelLogOptions,
    TunnelOptions,
    TunnelOptionsError,
    check_pre_shared_key,
)
from cdk_aws_vpn.connection.negotiation import NEGOTIATED
from tests import strategies as vpn

EDGES = [(name, limit) for name, limits in vpn.RANGES.items() for limit in limits if limit is not None]
BEYOND = [
    (name, limit + step)
    for name, limits in vpn.RANGES.items()
    for limit, step in zip(limits, (-1, 1), strict=True)
    if limit is not None
]
NOT_CHECKED_HERE = {"phase1_lifetime_seconds": 28800, "phase2_lifetime_seconds": 3600, "rekey_margin_time_seconds": 60}


def with_room(name: str, value: Any) -> dict[str, Any]:
    """One option, with lifetimes that allow it."""
    short_phase2 = {"phase2_lifetime_seconds": 900} if name == "phase1_lifetime_seconds" else {}
    return {**NOT_CHECKED_HERE, **short_phase2, name: value}


@given(vpn.tunnel_options())
def test_options_that_aws_accepts_are_accepted_and_kept(options: dict[str, Any]) -> None:
    made = TunnelOptions(**options)
    assert {name: getattr(made, name) for name in options} == options


@given(vpn.invalid_tunnel_options())
def test_one_spoilt_option_is_refused_by_its_name(spoilt: tuple[str, dict[str, Any]]) -> None:
    name, options = spoilt
    with pytest.raises(TunnelOptionsError) as raised:
        TunnelOptions(**options)
    assert raised.value.property == name


@pytest.mark.parametrize(("name", "value"), [edge for edge in EDGES if edge != ("phase1_lifetime_seconds", 900)])
def test_the_edge_of_a_range_is_accepted(name: str, value: int) -> None:
    assert getattr(TunnelOptions(**with_room(name, value)), name) == value


@pytest.mark.parametrize(("name", "value"), BEYOND)
def test_one_step_beyond_the_edge_is_refused(name: str, value: int) -> None:
    with pytest.raises(TunnelOptionsError) as raised:
        TunnelOptions(**with_room(name, value))
    assert (raised.value.property, raised.value.value) == (name, value)


@pytest.mark.parametrize("name", sorted(vpn.RANGES))
@pytest.mark.parametrize("value", ["900", 900.5, True, [900], float("nan")])
def test_a_number_must_be_a_whole_number(name: str, value: Any) -> None:
    with pytest.raises(TunnelOptionsError, match=f"{name} .*a whole number"):
        TunnelOptions(**{name: value})


@pytest.mark.parametrize("name", sorted(vpn.CHOICES))
@pytest.mark.parametrize("value", ["ikev2", 14, {"AES128"}, [[1]], [{}]])
def test_a_list_of_choices_must_be_a_list_of_known_values(name: str, value: Any) -> None:
    with pytest.raises(TunnelOptionsError, match=name):
        TunnelOptions(**{name: value})


@pytest.mark.parametrize("name", ["dpd_timeout_action", "startup_action"])
@pytest.mark.parametrize("value", ["", "Restart", "hold", 1])
def test_an_action_must_be_a_known_one(name: str, value: Any) -> None:
    with pytest.raises(TunnelOptionsError, match=f"{name} .*allowed: "):
        TunnelOptions(**{name: value})


@given(phase1=st.integers(900, 3600), phase2=st.integers(900, 3600))
def test_phase_2_must_be_shorter_than_phase_1(phase1: int, phase2: int) -> None:
    options: dict[str, Any] = {
        "phase1_lifetime_seconds": phase1,
        "phase2_lifetime_seconds": phase2,
        "rekey_margin_time_seconds": 60,
    }
    if phase2 < phase1:
        assert TunnelOptions(**options).phase2_lifetime_seconds == phase2
    else:
        with pytest.raises(TunnelOptionsError, match=f"less than phase1_lifetime_seconds, which is {phase1}"):
            TunnelOptions(**options)


@given(phase2=st.integers(900, 3600), margin=st.integers(60, 1800))
def test_the_rekey_margin_is_at_most_half_of_phase_2(phase2: int, margin: int) -> None:
    options: dict[str, Any] = {"phase2_lifetime_seconds": phase2, "rekey_margin_time_seconds": margin}
    if margin <= phase2 / 2:
        assert TunnelOptions(**options).rekey_margin_time_seconds == margin
    else:
        with pytest.raises(TunnelOptionsError, match=f"60 to {phase2 // 2}"):
            TunnelOptions(**options)


@pytest.mark.parametrize("versions", [("ikev1",), ("ikev1", "ikev2")])
def test_amazon_starts_a_tunnel_with_ikev2_only(versions: tuple[str, ...]) -> None:
    with pytest.raises(TunnelOptionsError, match="startup_action 'start'"):
        TunnelOptions(startup_action="start", ike_versions=versions)


def test_a_profile_with_ikev1_forbids_that_amazon_starts_the_tunnel() -> None:
    with pytest.raises(TunnelOptionsError, match="startup_action 'start'"):
        TunnelOptions(startup_action="start").negotiation(COMPATIBILITY)


@given(vpn.tunnel_options(), st.sampled_from([RECOMMENDED, CNSA]))
def test_a_profile_fills_in_what_was_left_out_and_nothing_else(
    options: dict[str, Any], profile: SecurityProfile
) -> None:
    made = TunnelOptions(**options).negotiation(profile)
    for name, value in made.values().items():
        assert value == options[name] or (name in vpn.CHOICES and options[name] is None)
    if options["phase2_dh_group_numbers"] is None:
        assert made.phase2_dh_group_numbers == profile.dh_group_numbers
    assert all(getattr(made, name) for name in vpn.CHOICES)


@given(vpn.pre_shared_keys())
def test_a_key_by_awss_rule_is_accepted(key: str) -> None:
    assert check_pre_shared_key("pre_shared_key", key) == key


@given(vpn.invalid_pre_shared_keys())
def test_any_other_key_is_refused_and_never_shown(key: str) -> None:
    with pytest.raises(TunnelOptionsError) as raised:
        check_pre_shared_key("pre_shared_key", key)
    assert raised.value.value == f"of {len(key)} characters"
    assert len(key) < 8 or key not in str(raised.value)


def test_a_key_known_only_at_deployment_is_not_judged() -> None:
    reference = "{{resolve:secretsmanager:psk:SecretString:::}}"
    assert check_pre_shared_key("pre_shared_key", reference) == reference


def test_a_literal_key_is_refused_as_a_tunnel_option_and_never_shown() -> None:
    with pytest.raises(TunnelOptionsError, match="store the key in Secrets Manager") as raised:
        TunnelOptions(pre_shared_key="Correct.Horse_Battery1")  # type: ignore[arg-type]
    assert "Horse" not in str(raised.value)


def test_a_key_does_not_show_when_options_are_printed() -> None:
    class Secret:
        secret_value_from_json = None

        def __repr__(self) -> str:
            return "Correct.Horse_Battery1"

    options = TunnelOptions(pre_shared_key=Secret(), inside_cidr="169.254.6.0/30")  # type: ignore[arg-type]
    assert repr(options) == "TunnelOptions(inside_cidr='169.254.6.0/30')"


@given(vpn.invalid_inside_cidrs())
def test_an_inside_cidr_that_aws_refuses_is_refused(cidr: str) -> None:
    with pytest.raises(AddressingError, match="inside_cidr"):
        TunnelOptions(inside_cidr=cidr)


def test_a_lifetime_known_only_at_deployment_is_not_judged() -> None:
    later: Any = -1.8881545897087968e289
    assert TunnelOptions(phase1_lifetime_seconds=later).phase1_lifetime_seconds == later
    assert TunnelOptions(phase2_lifetime_seconds=later, rekey_margin_time_seconds=1800).phase2_lifetime_seconds == later


@pytest.mark.parametrize("name", ["log_output_format", "bgp_log_output_format"])
def test_logs_are_json_or_text(name: str) -> None:
    options: dict[str, Any] = {"log_group": SimpleNamespace(grant_write=None)}
    assert getattr(TunnelLogOptions(**{**options, name: "text"}), name) == "text"
    with pytest.raises(TunnelOptionsError, match=f"{name} 'xml'.*json or text"):
        TunnelLogOptions(**{**options, name: "xml"})


def test_log_options_without_a_log_group_are_refused() -> None:
    with pytest.raises(TunnelOptionsError, match="a log_group, a bgp_log_group or both"):
        TunnelLogOptions()


def test_whatever_is_negotiated_is_an_option_of_the_tunnel() -> None:
    assert {*vpn.RANGES, *vpn.CHOICES} == set(NEGOTIATED)
    assert set(NEGOTIATED) <= {field.name for field in fields(TunnelOptions)}
