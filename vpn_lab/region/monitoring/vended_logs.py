"""Writes vended logs to CloudWatch Logs, as AWS does."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from vpn_lab.region import ministack

LOGS = "services.cloudwatch_logs"


def group_of(arn: str) -> str:
    """Return the name of a log group."""
    return arn.rsplit(":log-group:", maxsplit=1)[-1].removesuffix(":*")


def put(group: str, stream: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write entries as JSON; do nothing if the group no longer exists, for example while its stack is being deleted."""
    service = ministack.module(LOGS)
    if not entries or group not in service._log_groups:
        return
    if stream not in service._log_groups[group]["streams"]:
        service._create_log_stream({"logGroupName": group, "logStreamName": stream})
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": json.dumps(entry)} for entry in entries]
    service._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})
