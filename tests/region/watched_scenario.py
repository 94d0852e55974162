"""A deployed scenario whose monitoring is looked at, and whose devices the test plays."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.saved_queries import rows
from vpn_lab.region import DEFAULT_REGION, Region

STACK = "ScenarioDualCgwBgp"
PREFIX = "10.60.0.0/16"


@dataclass
class Deployed:
    """A scenario in a region whose periods last a second; the test plays its two devices."""

    region: Region
    healthy: dict[str, bool] = field(default_factory=lambda: {"CgwActive": True, "CgwStandby": True})

    def client(self, service: str) -> Any:
        return self.region.client(service)

    @property
    def tunnels(self) -> dict[str, tuple[str, str]]:
        """Connection and outside address by the name in the console, such as ``VpnActive 1``."""
        found = {}
        for one in self.client("ec2").describe_vpn_connections()["VpnConnections"]:
            name = next(tag["Value"] for tag in one["Tags"] if tag["Key"] == "Name").rsplit("/", 1)[1]
            for number, tunnel in enumerate(one["Options"]["TunnelOptions"], start=1):
                found[f"{name} {number}"] = (one["VpnConnectionId"], tunnel["OutsideIpAddress"])
        return found

    def report(self, name: str, status: str) -> None:
        up = status == "UP"
        message = "1 BGP ROUTES" if up else "IPSEC IS DOWN"
        prefixes = [PREFIX] if up else []
        self.region.report_tunnel(*self.tunnels[name], status, message=message, learned_prefixes=prefixes)

    def publish(self, publisher: Callable[[str, bool], list[str]]) -> None:
        """Write what both devices would write, to the streams that the template has created for them."""
        for device, healthy in self.healthy.items():
            events = [
                {"timestamp": int(time.time() * 1000), "message": document} for document in publisher(device, healthy)
            ]
            self.client("logs").put_log_events(
                logGroupName=f"/cgw/{STACK}/Monitoring", logStreamName=device, logEvents=events
            )

    def alarms(self) -> dict[str, str]:
        found = self.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{STACK}: ")["MetricAlarms"]
        return {one["AlarmName"].removeprefix(f"{STACK}: "): one["StateValue"] for one in found}

    def raised(self) -> set[str]:
        return {name for name, state in self.alarms().items() if state == "ALARM"}

    def widgets(self) -> list[dict[str, Any]]:
        body = self.client("cloudwatch").get_dashboard(DashboardName=f"{STACK}-Monitoring-{DEFAULT_REGION}")[
            "DashboardBody"
        ]
        found: list[dict[str, Any]] = json.loads(body)["widgets"]
        return found

    def rows(self, question: str) -> list[dict[str, str]]:
        logs = self.client("logs")
        saved = logs.describe_query_definitions(queryDefinitionNamePrefix=f"{STACK}/Monitoring/{question}")
        (query,) = saved["queryDefinitions"]
        return rows(logs, query)
