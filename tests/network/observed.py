"""What CloudWatch knows about a scenario: metric values, and results of the saved queries."""

from __future__ import annotations

import time
from typing import Any

from tests.network.site import Site
from tests.saved_queries import rows


def statistics(
    site: Site, namespace: str, name: str, dimensions: list[dict[str, str]], since: float
) -> dict[str, float]:
    """Return minimum, maximum and sum of a metric since a moment; nothing if it has no value."""
    found = site.network.region.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=dimensions,
        StartTime=since,
        EndTime=time.time() + 60,
        Period=3600,
        Statistics=["Minimum", "Maximum", "Sum"],
    )["Datapoints"]
    if not found:
        return {}
    return {
        "Minimum": min(one["Minimum"] for one in found),
        "Maximum": max(one["Maximum"] for one in found),
        "Sum": sum(one["Sum"] for one in found),
    }


def reported_health(site: Site, since: float) -> float | None:
    """Return the worst health that the device of the single tunnel has published since a moment."""
    device = {"Name": "Device", "Value": "ScenarioSingleTunnel/Cgw"}
    return statistics(site, "CustomerGateway", "Healthy", [device], since).get("Minimum")


def answers(site: Site, question: str) -> list[dict[str, Any]]:
    """Run one of the scenario's saved queries and return its rows."""
    logs = site.network.region.client("logs")
    (saved,) = (
        one
        for one in logs.describe_query_definitions(queryDefinitionNamePrefix=f"{site.stack}/")["queryDefinitions"]
        if one["name"].endswith(question)
    )
    return rows(logs, saved)
