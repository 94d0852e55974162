"""Queries of Logs Insights over log records; without a region."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vpn_lab.region.monitoring import insights
from vpn_lab.region.monitoring.embedded_metrics import metrics


def record(number: int, **message: Any) -> dict[str, Any]:
    return {
        "@timestamp": f"2026-11-24 12:00:0{number}.000",
        "@message": json.dumps(message) if message else "plain text",
        "@logStream": f"stream-{number}",
        "@ptr": str(number),
    }


RECORDS = [
    record(1, type="BGPStatus", status="UP", up=True),
    record(2, type="RouteStatus", status="WITHDRAWN", message={"prefix": "10.60.0.0/16", "med": 100}),
    record(3, type="BGPStatus", status="DOWN", message={"details": "Hold Timer Expired"}),
    record(4),
]


def found(query: str) -> list[str]:
    """The records that a query keeps, by number, in the order of its result."""
    rows = insights.run(query, RECORDS)
    return ["".join(cell["value"] for cell in row if cell["field"] == "@ptr") for row in rows]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('status = "UP"', "1"),
        ("status = 'DOWN'", "3"),
        ('type = "BGPStatus" and status = "DOWN"', "3"),
        ('type = "RouteStatus" or type = "BGPStatus" and status = "DOWN"', "23"),
        ('(type = "RouteStatus" or type = "BGPStatus") and status = "DOWN"', "3"),
        ('not status = "UP"', "234"),
        ('status != "UP"', "23"),
        ('status in ["UP", "DOWN"]', "13"),
        ("message.details like /(?i)hold timer/", "3"),
        ("message.details like /hold timer/", ""),
        ("message.prefix like '10.60'", "2"),
        ("message.med > 50", "2"),
        ("message.med > 100", ""),
        ("up = 1", "1"),
        ("@message like /plain|Expired/", "34"),
    ],
)
def test_a_filter_keeps_what_it_says(condition: str, kept: str) -> None:
    assert "".join(found(f"filter {condition}")) == kept


def test_answers_have_the_fields_that_were_asked_for_and_are_there() -> None:
    rows = insights.run("fields status, message.prefix | sort @timestamp desc | limit 2", RECORDS)
    assert [[cell["field"] for cell in row] for row in rows] == [["@ptr"], ["status", "@ptr"]]
    assert found("sort @timestamp desc | limit 2") == ["4", "3"]
    assert found("sort @logStream asc") == ["1", "2", "3", "4"]


def test_a_bar_in_a_text_or_an_expression_divides_nothing() -> None:
    assert insights.stages('filter a like /x|y/ | filter b = "c|d" | limit 1') == [
        "filter a like /x|y/",
        'filter b = "c|d"',
        "limit 1",
    ]


@pytest.mark.parametrize(
    "query",
    ["stats count(*) by status", "parse @message '*' as a", "limit many", "filter", "filter status", "filter status ="],
)
def test_what_is_not_known_is_refused_and_not_ignored(query: str) -> None:
    with pytest.raises(insights.MalformedQueryError):
        insights.run(query, RECORDS)


@pytest.mark.parametrize(
    "condition", ['status = "UP" status = "DOWN"', '(status = "UP"', "status in ['UP'", "= 1", "a ~ b"]
)
def test_a_condition_that_cannot_be_read_is_refused(condition: str) -> None:
    with pytest.raises(insights.MalformedQueryError, match="cannot be read"):
        insights.run(f"filter {condition}", RECORDS)


def embedded(**changes: Any) -> str:
    directive = {"Namespace": "N", "Dimensions": [["Device"]], "Metrics": [{"Name": "Healthy", "Unit": "Count"}]}
    heading = {"Timestamp": 1_700_000_000_000, "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": heading, "Device": "a", "Healthy": 1, **changes})


def test_an_embedded_metric_has_name_value_unit_dimensions_and_time() -> None:
    assert list(metrics(embedded())) == [(1_700_000_000.0, ("N", "Healthy", 1.0, "Count", {"Device": "a"}))]


def test_a_list_is_so_many_values() -> None:
    assert [metric[2] for _, metric in metrics(embedded(Healthy=[1, 0]))] == [1.0, 0.0]


@pytest.mark.parametrize(
    "text", ["plain", "[]", "{}", '{"_aws": 1}', '{"_aws": {}}', embedded(Device=5), embedded(Healthy="x")]
)
def test_a_text_without_metrics_gives_none(text: str) -> None:
    assert list(metrics(text)) == []
