"""AWS Health events on demand, and log groups as targets of EventBridge rules."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.monitoring import vended_logs

EVENTS = "services.eventbridge"


def install() -> None:
    """Deliver events to log groups, which ministack cannot do."""
    theirs: Callable[..., None] = ministack.module(EVENTS)._invoke_target

    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
        if ":log-group:" in target["Arn"]:
            seen = view or ministack.module(EVENTS)._pattern_event_view(event)
            _write(target["Arn"], rule["Name"], seen.event_with_detail())
        else:
            theirs(target, event, rule, view)

    ministack.replace(EVENTS, "_invoke_target", invoke_target)


def announce(service: str, code: str, category: str, resources: list[str]) -> None:
    """Send an AWS Health event about resources, such as pending maintenance of a tunnel."""
    detail = {
        "service": service,
        "eventTypeCode": code,
        "eventTypeCategory": category,
        "startTime": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()),
        "affectedEntities": [{"entityValue": one} for one in resources],
    }
    entry = {
        "Source": "aws.health",
        "DetailType": "AWS Health Event",
        "Resources": resources,
        "Detail": json.dumps(detail),
    }
    ministack.module(EVENTS)._put_events({"Entries": [entry]}, allow_aws_source=True)


def _write(arn: str, rule: str, event: dict[str, Any]) -> None:
    """Write an event if the log group exists and allows EventBridge; otherwise AWS drops it."""
    group = vended_logs.group_of(arn)
    policies = ministack.module(vended_logs.LOGS)._log_group_policies
    if "events.amazonaws.com" in json.dumps(policies.get(group, "")):
        vended_logs.put(group, f"{rule}-{uuid.uuid4()}", [event])
