"""When an alarm is raised: M of N, missing data, comparisons; without a region."""

from __future__ import annotations

from typing import Any, cast

import pytest

from vpn_lab.region.monitoring.alarms import next_state, period_of
from vpn_lab.region.settings import Settings

UP, DOWN, NONE = 1.0, 0.0, None


def alarm(treatment: str = "breaching", comparison: str = "LessThanThreshold", threshold: float = 1) -> dict[str, Any]:
    return {"TreatMissingData": treatment, "ComparisonOperator": comparison, "Threshold": threshold}


@pytest.mark.parametrize(
    ("datapoints", "state"),
    [
        ([UP, UP, UP], "OK"),
        ([UP, DOWN, UP], "OK"),
        ([DOWN, UP, DOWN], "ALARM"),
        ([UP, DOWN, DOWN], "ALARM"),
        ([UP, NONE, UP], "OK"),
        ([UP, NONE, DOWN], "ALARM"),
        ([NONE, NONE, NONE], "ALARM"),
    ],
)
def test_two_of_three_with_silence_counted_as_bad(datapoints: list[float | None], state: str) -> None:
    assert next_state(datapoints, alarm(), 2) == state


@pytest.mark.parametrize(
    ("treatment", "datapoints", "state"),
    [
        ("notBreaching", [NONE, NONE, DOWN], "OK"),
        ("notBreaching", [NONE, DOWN, DOWN], "ALARM"),
        ("missing", [NONE, NONE, NONE], "INSUFFICIENT_DATA"),
        ("missing", [NONE, NONE, UP], "OK"),
        ("ignore", [UP, NONE, UP], None),
        ("ignore", [DOWN, NONE, DOWN], "ALARM"),
        ("ignore", [UP, UP, UP], "OK"),
    ],
)
def test_missing_data_is_treated_as_the_alarm_says(
    treatment: str, datapoints: list[float | None], state: str | None
) -> None:
    assert next_state(datapoints, alarm(treatment), 2) == state


@pytest.mark.parametrize(
    ("comparison", "bad"),
    [
        ("LessThanThreshold", {0.0}),
        ("LessThanOrEqualToThreshold", {0.0, 1.0}),
        ("GreaterThanThreshold", {2.0}),
        ("GreaterThanOrEqualToThreshold", {1.0, 2.0}),
    ],
)
def test_each_comparison_is_its_own(comparison: str, bad: set[float]) -> None:
    assert {
        value for value in (0.0, 1.0, 2.0) if next_state([value], alarm(comparison=comparison), 1) == "ALARM"
    } == bad


def test_periods_are_as_long_as_on_aws_unless_the_settings_shorten_them(tmp_path: Any) -> None:
    plain, short = Settings(tmp_path), Settings(tmp_path, metric_period_limit=2.0)
    awss, ours = {"Namespace": "AWS/VPN", "Period": 300}, {"Namespace": "CustomerGateway", "Period": 60}
    assert (period_of(awss, plain), period_of(ours, plain)) == (300, 60)
    assert (period_of(awss, short), period_of(ours, short)) == (2, 60)


@pytest.mark.parametrize("name", ["metric_period_limit", "custom_metric_period_limit"])
def test_a_period_of_nothing_is_refused(tmp_path: Any, name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} 0 is out of range"):
        Settings(tmp_path, **cast(Any, {name: 0}))
