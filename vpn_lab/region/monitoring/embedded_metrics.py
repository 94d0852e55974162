"""Log events in CloudWatch's embedded metric format become metrics."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vpn_lab.region import ministack

Metric = tuple[str, str, float, str, dict[str, str]]
MILLISECONDS = 1000


def record(message: str) -> None:
    """Store the metrics of one log event, if it contains any."""
    service = ministack.module("services.cloudwatch")
    for at, (namespace, name, value, unit, dimensions) in metrics(message):
        service._store_datum(namespace, name, dimensions, at, unit, value, None, None, None)


def metrics(message: str) -> Iterator[tuple[float, Metric]]:
    """Return each metric of an event with its time; nothing if the text is not such an event."""
    try:
        event = json.loads(message)
        heading = event["_aws"]
        at = float(heading["Timestamp"]) / MILLISECONDS
    except (ValueError, TypeError, KeyError):
        return
    for directive in heading.get("CloudWatchMetrics", ()):
        for names in directive.get("Dimensions") or [[]]:
            dimensions = _dimensions(event, names)
            if dimensions is None:
                continue
            for metric in directive.get("Metrics", ()):
                value = event.get(metric["Name"])
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, (int, float)):
                        yield (
                            at,
                            (
                                directive["Namespace"],
                                metric["Name"],
                                float(one),
                                metric.get("Unit", "None"),
                                dimensions,
                            ),
                        )


def _dimensions(event: Mapping[str, Any], names: list[str]) -> dict[str, str] | None:
    """A dimension must be a text in the event; AWS drops metrics with other dimensions."""
    found = {name: event.get(name) for name in names}
    if not all(isinstance(value, str) for value in found.values()):
        return None
    return {name: str(value) for name, value in found.items()}
