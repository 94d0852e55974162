"""The monitoring of clients in a deployed scenario: each alarm, widget and query detects what it is made for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.saved_queries import rows
from vpn_lab import preparation
from vpn_lab.region import DEFAULT_REGION, Region
from vpn_ops.client_vpn.keystore import Keystore

STACK = "ScenarioClientVpn"
MONITORING = f"{STACK}/ClientMonitoring"
PERIOD_SECONDS = 1.0
DEADLINE_SECONDS = 60
ALICE = {
    "ConnectionId": "cvpn-connection-1",
    "CommonName": "alice",
    "ClientIp": "10.70.0.2",
    "From": "192.0.2.50:41194",
    "ConnectionEstablishedTime": "2026-11-25 08:00:00",
    "IngressBytes": "4200",
    "EgressBytes": "8400",
}
FULL = [{**ALICE, "ConnectionId": f"cvpn-connection-{number}"} for number in range(409)]


@dataclass
class Deployed:
    region: Region
    keys: Path

    def client(self, service: str) -> Any:
        return self.region.client(service)

    @property
    def endpoint(self) -> str:
        (found,) = self.client("ec2").describe_client_vpn_endpoints()["ClientVpnEndpoints"]
        return str(found["ClientVpnEndpointId"])

    def raised(self) -> set[str]:
        found = self.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{STACK}: ClientVpn ")["MetricAlarms"]
        assert len(found) == 3
        return {one["AlarmName"].removeprefix(f"{STACK}: ClientVpn ") for one in found if one["StateValue"] == "ALARM"}

    def import_list(self, days: int) -> None:
        """Import a revocation list of the endpoint's own authority that expires after a number of days."""
        account = self.client("sts").get_caller_identity()["Account"]
        authority = Keystore(self.keys, account, self.region.settings.region).authority()
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
        builder = builder.last_update(now).next_update(now + timedelta(days=days))
        pem = builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
        self.client("ec2").import_client_vpn_client_certificate_revocation_list(
            ClientVpnEndpointId=self.endpoint, CertificateRevocationList=pem
        )

    def rows(self, question: str) -> list[dict[str, str]]:
        logs = self.client("logs")
        (query,) = logs.describe_query_definitions(queryDefinitionNamePrefix=f"{MONITORING}/{question}")[
            "queryDefinitions"
        ]
        return rows(logs, query)

    def until(self, raised: set[str], meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait until these alarms are raised and no others, while an event is repeated."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.raised() != raised:
            assert time.monotonic() < deadline, f"{self.raised()} instead of {raised}"
            meanwhile()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    keys = tmp_path_factory.mktemp("keys")
    with Region.start(metric_period_limit=PERIOD_SECONDS) as region:
        region.bootstrap()
        assembly = preparation.synthesize(region, [STACK])
        options = preparation.deploy_options(region, assembly, [STACK], keys)
        region.cdk("deploy", STACK, "--require-approval", "never", *options, app=str(assembly))
        yield Deployed(region, keys)


@pytest.fixture(autouse=True)
def well(deployed: Deployed) -> None:
    """Begin with nobody there."""
    deployed.region.report_clients(deployed.endpoint, [])
    deployed.until(set())


def test_a_list_that_ends_soon_raises_its_alarm(deployed: Deployed) -> None:
    deployed.import_list(days=13)
    deployed.until({"revocation list expires"})
    deployed.import_list(days=15)
    deployed.until(set())


def test_ten_refused_clients_raise_their_alarm_and_each_counts_once(deployed: Deployed) -> None:
    refused: list[str] = []

    def refuse(number: int) -> None:
        refused.extend(f"{number} {len(refused)}" for _ in range(number))
        deployed.region.report_clients(deployed.endpoint, [], refused)

    deployed.until({"authentication failures"}, lambda: refuse(10))
    deployed.until(set(), lambda: deployed.region.report_clients(deployed.endpoint, [], refused))


def test_an_endpoint_that_is_nearly_full_raises_its_alarm(deployed: Deployed) -> None:
    deployed.region.report_clients(deployed.endpoint, FULL)
    deployed.until({"nearly full"})
    deployed.region.report_clients(deployed.endpoint, FULL[:-1])
    deployed.until(set())


def test_the_saved_query_shows_who_was_connected(deployed: Deployed) -> None:
    own = {**ALICE, "ConnectionId": "cvpn-connection-alice"}
    deployed.region.report_clients(deployed.endpoint, [own])
    deployed.region.report_clients(deployed.endpoint, [{**own, "IngressBytes": "5000"}])
    deployed.region.report_clients(deployed.endpoint, [])
    group = deployed.rows("who")
    shown = [row for row in group if row["common-name"] == "alice" and row["connection-start-time"]]
    begun = next(row for row in shown if row["connection-end-time"] == "NA")
    ended = next(row for row in shown if row["connection-end-time"] != "NA" and row["ingress-bytes"] == "5000")
    assert begun["device-ip"] == ended["device-ip"] == "192.0.2.50"
    assert deployed.rows("which") == []


def test_the_saved_query_shows_which_attempts_failed(deployed: Deployed) -> None:
    """Nothing on the local network fails this way, so the test writes AWS's log entry for an unknown user."""
    (query,) = deployed.client("logs").describe_query_definitions(queryDefinitionNamePrefix=f"{MONITORING}/which")[
        "queryDefinitions"
    ]
    (group,) = query["logGroupNames"]
    entry = {
        "connection-log-type": "connection-attempt",
        "connection-attempt-status": "failed",
        "connection-attempt-failure-reason": "client-connect-failed",
        "username": "mallory",
    }
    logs = deployed.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="failed")
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(entry)}
    logs.put_log_events(logGroupName=group, logStreamName="failed", logEvents=[event])
    (row,) = deployed.rows("which")
    assert (row["username"], row["connection-attempt-failure-reason"]) == ("mallory", "client-connect-failed")


def test_every_metric_of_the_dashboard_has_values(deployed: Deployed) -> None:
    deployed.import_list(days=30)
    deployed.until(set())
    name = f"{MONITORING.replace('/', '-')}-{DEFAULT_REGION}"
    body = deployed.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
    shown = [line for widget in json.loads(body)["widgets"] for line in widget["properties"].get("metrics", ())]
    assert len(shown) == 5

    def without_values() -> list[str]:
        now = time.time()
        return [
            name
            for namespace, name, dimension, value, *_ in shown
            if not deployed.client("cloudwatch").get_metric_statistics(
                Namespace=namespace,
                MetricName=name,
                Dimensions=[{"Name": dimension, "Value": value}],
                StartTime=now - 600,
                EndTime=now + 60,
                Period=60,
                Statistics=["Maximum"],
            )["Datapoints"]
        ]

    deadline = time.monotonic() + DEADLINE_SECONDS
    while without_values():
        assert time.monotonic() < deadline, without_values()
        time.sleep(0.2)
