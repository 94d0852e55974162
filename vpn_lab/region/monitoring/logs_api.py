"""Adds saved queries, StartQuery and embedded metrics to ministack's CloudWatch Logs."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.monitoring import embedded_metrics, insights, query_definitions

LOGS = "services.cloudwatch_logs"
Answer = tuple[int, dict[str, str], bytes]
SUCCESS = 200


def install() -> None:
    """Handle some actions before ministack sees them, and observe another."""
    theirs = ministack.module(LOGS).handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object]
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in query_definitions.ACTIONS:
            return _saved_query(action, body)
        answer: Answer = await theirs(method, path, headers, body, query)
        if action == "PutLogEvents" and answer[0] == SUCCESS:
            for event in json.loads(body)["logEvents"]:
                embedded_metrics.record(event["message"])
        return answer

    ministack.replace(LOGS, "handle_request", handle_request)
    ministack.replace(LOGS, "_start_query", start_query)


def _saved_query(action: str, body: bytes) -> Answer:
    try:
        return _answer(query_definitions.ACTIONS[action](json.loads(body)))
    except query_definitions.NotFoundError as problem:
        return _refusal("ResourceNotFoundException", str(problem))


def start_query(request: Mapping[str, Any]) -> Answer:
    """StartQuery: run the query immediately; GetQueryResults then returns everything."""
    service = ministack.module(LOGS)
    groups = service._resolve_query_log_groups(request)
    unknown = [name for name in groups if name not in service._log_groups]
    if unknown or not groups:
        return _refusal("ResourceNotFoundException", f"The specified log group does not exist: {unknown}")
    end = request.get("endTime", int(time.time()) + 1)
    records = [
        service._public_log_record(record)
        for record in service._collect_query_records(groups, request.get("startTime", 0), end)
    ]
    try:
        rows = insights.run(request["queryString"], records)
    except insights.MalformedQueryError as problem:
        return _refusal("MalformedQueryException", str(problem))
    identifier = str(uuid.uuid4())
    service._queries[identifier] = {
        "queryId": identifier,
        "logGroupNames": groups,
        "queryString": request["queryString"],
        "status": "Complete",
        "results": rows,
        "statistics": {"recordsMatched": len(rows), "recordsScanned": len(records), "bytesScanned": 0.0},
    }
    return _answer({"queryId": identifier})


def _answer(content: object) -> Answer:
    return SUCCESS, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()


def _refusal(code: str, message: str) -> Answer:
    content = json.dumps({"__type": code, "message": message}).encode()
    return 400, {"Content-Type": "application/x-amz-json-1.1"}, content
