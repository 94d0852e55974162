"""The handler that lets a deployment wait until a connection carries traffic again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from tests.unit.foundation.stand_ins import CONTEXT, KEY, Clients, CloudFormation, load

ASKED = {"VpnConnectionId": "vpn-1", "OutsideAddresses": ["203.0.113.1", "203.0.113.2"]}
NOW, LONG_AGO = timedelta(0), timedelta(hours=2)


@pytest.fixture
def handler(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The handler with a clock of its own: each pause takes as long as it says, and no time."""
    module = load("tunnels_up", clients, monkeypatch)
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(module.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    return module


def seen(first: str, second: str, changed: timedelta = NOW) -> list[dict[str, Any]]:
    """What EC2 says about the two tunnels, and about one that nobody asked for."""
    moment = datetime.now(UTC) - changed
    states = {"203.0.113.1": first, "203.0.113.2": second, "203.0.113.9": "DOWN"}
    return [{"OutsideIpAddress": one, "Status": state, "LastStatusChange": moment} for one, state in states.items()]


def test_a_changed_connection_is_ready_when_both_tunnels_have_come_back(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.telemetry = [seen("DOWN", "DOWN"), seen("UP", "DOWN"), seen("UP", "UP")]
    handler.handler(cloudformation.event("Update", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) == 3
    assert KEY not in str(cloudformation.answers)


def test_a_status_from_before_the_change_must_last_for_a_minute(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    """EC2 shows the old status, then the drop, then the new one."""
    clients.telemetry = [seen("UP", "UP", LONG_AGO)] * 5 + [seen("UP", "DOWN")] * 3 + [seen("UP", "UP")]
    handler.handler(cloudformation.event("Update", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) == 9


def test_a_change_that_drops_no_tunnel_costs_a_minute(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.telemetry = [seen("UP", "UP", LONG_AGO)]
    handler.handler(cloudformation.event("Update", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) == handler.SETTLED_SECONDS / handler.PAUSE_SECONDS + 1


def test_after_five_minutes_one_tunnel_is_enough(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.telemetry = [seen("DOWN", "UP")]
    handler.handler(cloudformation.event("Update", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) * handler.PAUSE_SECONDS > handler.PATIENCE_SECONDS


def test_a_connection_that_stays_down_fails_the_deployment_and_says_what_was_seen(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.telemetry = [seen("DOWN", "DOWN")]
    handler.handler(cloudformation.event("Update", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "FAILED"
    assert "vpn-1 carries no traffic again" in cloudformation.answer["Reason"]
    assert "203.0.113.1 DOWN, 203.0.113.2 DOWN" in cloudformation.answer["Reason"]
    assert len(clients.calls) * handler.PAUSE_SECONDS < 900, "Lambda would have ended the function without an answer"


def test_a_new_connection_needs_one_tunnel(
    handler: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.telemetry = [seen("DOWN", "DOWN"), seen("DOWN", "UP")]
    handler.handler(cloudformation.event("Create", ASKED), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) == 2
