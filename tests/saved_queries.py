"""Runs a saved Logs Insights query of a region."""

from __future__ import annotations

import time
from typing import Any


def rows(logs: Any, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a query definition over all that was logged so far."""
    started = logs.start_query(
        logGroupNames=query["logGroupNames"],
        queryString=query["queryString"],
        startTime=0,
        endTime=int(time.time()) + 60,
    )
    found = logs.get_query_results(queryId=started["queryId"])["results"]
    return [{cell["field"]: cell["value"] for cell in row} for row in found]
