"""Evaluates metric alarms as CloudWatch does.

ministack uses the newest values of any metric of the same name, ignores its dimensions, and supports neither M of N nor
missing data. Here an alarm is evaluated over its last N complete periods.
"""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Mapping
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.settings import Settings

CLOUDWATCH = "services.cloudwatch"
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}
Alarm = dict[str, Any]
Datapoint = float | None


def install(settings: Settings) -> None:
    """Replace ministack's evaluation of alarms."""

    def evaluate(alarm: Alarm) -> None:
        if alarm.get("MetricName"):
            _evaluate(alarm, period_of(alarm, settings), time.time())

    ministack.replace(CLOUDWATCH, "_evaluate_alarm", evaluate)


def period_of(alarm: Mapping[str, Any], settings: Settings) -> float:
    """Length of one period in seconds; that of the alarm, unless the region's settings shorten it."""
    published_here = str(alarm["Namespace"]).startswith("AWS/")
    limit = settings.metric_period_limit if published_here else settings.custom_metric_period_limit
    return min(float(alarm["Period"]), math.inf if limit is None else limit)


def _evaluate(alarm: Alarm, period: float, now: float) -> None:
    wanted = _wanted(alarm, period, now)
    if wanted is None or wanted[0] == alarm["StateValue"]:
        return
    service = ministack.module(CLOUDWATCH)
    before = alarm["StateValue"]
    alarm["StateValue"], alarm["StateReason"] = wanted
    alarm["StateUpdatedTimestamp"] = int(now)
    service._record_history(alarm["AlarmName"], before, *wanted)
    service._dispatch_alarm_actions(alarm, before, *wanted)
    service._evaluate_parent_alarms(alarm)


def _wanted(alarm: Alarm, period: float, now: float) -> tuple[str, str] | None:
    """State and reason according to the last periods; ``None`` if the alarm's state does not change."""
    count = int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm") or count)
    datapoints = last_datapoints(alarm, period, now, count)
    state = next_state(datapoints, alarm, needed)
    if state is None:
        return None
    compared = alarm["ComparisonOperator"]
    shown = ", ".join("no data" if value is None else f"{value:g}" for value in datapoints)
    missing = f" (missing data is {alarm['TreatMissingData']})" if None in datapoints else ""
    if state == "INSUFFICIENT_DATA":
        return state, f"Insufficient Data: {count} datapoints were unknown."
    return state, (
        f"Threshold Crossed: {needed} of the last {count} datapoints decide: [{shown}] {compared} "
        f"{alarm['Threshold']:g}{missing}."
    )


def next_state(datapoints: list[Datapoint], alarm: Mapping[str, Any], needed: int) -> str | None:
    """Return the state according to the datapoints, or ``None`` to keep the current one."""
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    known = [value for value in datapoints if value is not None]
    missing = len(datapoints) - len(known)
    bad = sum(breaches(value, float(alarm["Threshold"])) for value in known)
    treatment = alarm.get("TreatMissingData") or "missing"
    if treatment == "breaching":
        bad += missing
    elif treatment == "missing" and not known:
        return "INSUFFICIENT_DATA"
    elif treatment == "ignore" and missing and bad < needed:
        return None
    return "ALARM" if bad >= needed else "OK"


def last_datapoints(alarm: Mapping[str, Any], period: float, now: float, count: int) -> list[Datapoint]:
    """Return the alarm's statistic for each of the last complete periods, oldest first."""
    service = ministack.module(CLOUDWATCH)
    dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or ()}
    points = service._metrics.get((alarm["Namespace"], alarm["MetricName"], service._dims_key(dimensions))) or []
    end = math.floor(now / period) * period
    found: list[Datapoint] = []
    for number in range(count, 0, -1):
        begin = end - number * period
        inside = [point for point in points if begin <= point["Timestamp"] < begin + period]
        statistics = service._calc_stats(inside)
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        found.append(service._stat_value(statistics, statistic, inside) if statistics else None)
    return found
