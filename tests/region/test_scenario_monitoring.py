"""The monitoring of a deployed scenario: each alarm, widget and query detects the fault that it is made for."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.region.watched_scenario import PREFIX, STACK, Deployed
from vpn_lab.region import Region

ROOT = Path(__file__).parents[2]
PERIOD_SECONDS = 1.0
DEADLINE_SECONDS = 60
NOT_SHOWN_HERE = {f"{STACK}: {device} short of CPU" for device in ("CgwActive", "CgwStandby")}
"""Alarms on a metric that nobody publishes here: the region does not know how much CPU an instance uses."""


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    limits: dict[str, Any] = {"metric_period_limit": PERIOD_SECONDS, "custom_metric_period_limit": PERIOD_SECONDS}
    with Region.start(**limits) as region:
        region.bootstrap()
        paths = os.pathsep.join([str(ROOT / "constructs"), str(ROOT)])
        region.cdk("deploy", STACK, "--require-approval", "never", PYTHONPATH=paths, CDK_VALIDATION="false")
        made = Deployed(region)
        # the region has played the devices during the deployment; from now on the tests do
        for name in made.tunnels:
            made.report(name, "DOWN")
        yield made


@pytest.fixture(scope="module")
def documents() -> Iterator[Callable[[str, bool], list[str]]]:
    """The log event that the device's own program writes for a state."""
    sys.path.insert(0, str(ROOT / "assets" / "cgw" / "device"))
    from cgw_device.metrics import Publisher  # noqa: PLC0415 -- on the device it is a zip of its own
    from cgw_device.settings import Settings  # noqa: PLC0415

    def made(device: str, healthy: bool) -> list[str]:
        sent: list[str] = []
        metrics = {
            "log_group": f"/cgw/{STACK}/Monitoring",
            "log_stream": device,
            "device": f"{STACK}/{device}",
            "namespace": "CustomerGateway",
        }
        tunnels = [
            {"number": number, "device_address": f"169.254.{number}.2", "aws_address": f"169.254.{number}.1"}
            for number in (1, 2)
        ]
        shared = {"remote_prefixes": ["10.50.0.0/16"], "routing": "bgp", "region": "us-east-1"}
        settings = Settings.of(
            {
                **shared,
                "name": device,
                "private_address": "10.60.0.100",
                "tunnels": tunnels,
                "probe": None,
                "pair": None,
                "metrics": metrics,
            }
        )
        publisher = Publisher(settings, lambda _: "", sent.extend, lambda _: None)
        publisher.publish(findings(device, healthy), 0)
        return sent

    yield made
    sys.path.remove(str(ROOT / "assets" / "cgw" / "device"))
    for name in [name for name in sys.modules if name.startswith("cgw_device")]:
        del sys.modules[name]


def findings(device: str, healthy: bool) -> dict[str, Any]:
    """What ``cgw-status --json`` shows."""
    peers = {f"169.254.{number}.1": {"state": "Established", "prefixes_received": 1} for number in (1, 2)}
    return {
        "healthy": healthy,
        "routing": "bgp",
        "vrrp": "MASTER" if device == "CgwActive" else "BACKUP",
        "bgp": peers,
        "steering": None,
        "tunnels": [{"number": number, "probe": "alive" if healthy else "dead"} for number in (1, 2)],
    }


def until(deployed: Deployed, documents: Any, raised: set[str]) -> None:
    """Wait until these alarms are raised and no others; the devices publish meanwhile."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while deployed.raised() != raised:
        assert time.monotonic() < deadline, f"{deployed.raised()} instead of {raised}"
        deployed.publish(documents)
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def well(deployed: Deployed, documents: Any) -> None:
    """Begin with everything up."""
    deployed.healthy = dict.fromkeys(deployed.healthy, True)
    for name in deployed.tunnels:
        deployed.report(name, "UP")
    until(deployed, documents, set())


def test_no_alarm_is_raised_while_all_is_well(deployed: Deployed) -> None:
    states = {f"{STACK}: {name}": state for name, state in deployed.alarms().items()}
    assert len(states) == 14
    assert {name for name, state in states.items() if state != "OK"} <= NOT_SHOWN_HERE


@pytest.mark.parametrize(
    ("down", "raised"),
    [
        (["VpnActive 1"], {"VpnActive redundancy lost", "VpnActive tunnel 1 down"}),
        (
            ["VpnStandby 1", "VpnStandby 2"],
            {
                "VpnStandby outage",
                "VpnStandby redundancy lost",
                "VpnStandby tunnel 1 down",
                "VpnStandby tunnel 2 down",
            },
        ),
    ],
    ids=["one tunnel", "both tunnels of a connection"],
)
def test_a_tunnel_that_is_cut_raises_its_alarms_and_no_others(
    deployed: Deployed, documents: Any, down: list[str], raised: set[str]
) -> None:
    for name in down:
        deployed.report(name, "DOWN")
    until(deployed, documents, raised)
    for name in down:
        deployed.report(name, "UP")
    until(deployed, documents, set())


def test_a_device_that_is_not_well_raises_its_alarm(deployed: Deployed, documents: Any) -> None:
    deployed.healthy["CgwStandby"] = False
    until(deployed, documents, {"CgwStandby unhealthy"})


def test_a_device_that_is_stopped_raises_two(deployed: Deployed, documents: Any) -> None:
    ec2 = deployed.client("ec2")
    wanted = [{"Name": "tag:Name", "Values": [f"{STACK}/CgwActive"]}]
    (reservation,) = ec2.describe_instances(Filters=wanted)["Reservations"]
    identifiers = [reservation["Instances"][0]["InstanceId"]]
    ec2.stop_instances(InstanceIds=identifiers)
    silent = deployed.healthy.pop("CgwActive")
    try:
        until(deployed, documents, {"CgwActive status check failed", "CgwActive unhealthy"})
    finally:
        ec2.start_instances(InstanceIds=identifiers)
        deployed.healthy["CgwActive"] = silent


def test_every_metric_of_the_dashboard_has_values(deployed: Deployed) -> None:
    now, empty, shown = time.time(), [], 0
    for widget in deployed.widgets():
        for namespace, name, *words in widget["properties"].get("metrics", ()):
            plain = [word for word in words if isinstance(word, str)]
            dimensions = [{"Name": key, "Value": value} for key, value in zip(plain[::2], plain[1::2], strict=True)]
            found = deployed.client("cloudwatch").get_metric_statistics(
                Namespace=namespace,
                MetricName=name,
                Dimensions=dimensions,
                StartTime=now - 600,
                EndTime=now + 60,
                Period=60,
                Statistics=["Maximum"],
            )
            shown += 1
            if not found["Datapoints"]:
                empty.append((widget["properties"]["title"], name, dimensions))
    assert empty == []
    assert shown == 16 + 18


def test_the_dashboard_shows_every_alarm(deployed: Deployed) -> None:
    (widget,) = (one for one in deployed.widgets() if one["type"] == "alarm")
    found = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{STACK}: ")["MetricAlarms"]
    assert sorted(widget["properties"]["alarms"]) == sorted(one["AlarmArn"] for one in found)


def test_the_saved_queries_answer_after_a_fault(deployed: Deployed) -> None:
    vpn, outside = deployed.tunnels["VpnActive 2"]
    deployed.report("VpnActive 2", "DOWN")
    why, negotiated, withdrawn = (
        [row for row in deployed.rows(question) if row["@logStream"] == f"{vpn}-{outside}"]
        for question in ("why", "what", "which")
    )
    assert why[0]["details"] == "AWS tunnel DPD timed out after 3 retransmits"
    assert why[0]["ike_phase1_state"] == "down"
    assert negotiated[0]["ike_phase1_state"] == "established"
    assert {(row["status"], row.get("message.prefix")) for row in withdrawn} == {("WITHDRAWN", PREFIX), ("DOWN", None)}
    assert any("Hold Timer Expired" in row.get("message.details", "") for row in withdrawn)


def test_what_aws_announces_about_a_connection_is_kept_and_nothing_else(deployed: Deployed) -> None:
    vpn, _ = deployed.tunnels["VpnActive 1"]
    for service, resource in (("VPN", vpn), ("VPN", "vpn-00000000000000000"), ("EC2", vpn)):
        deployed.region.announce(service, "AWS_VPN_SINGLE_TUNNEL_NOTIFICATION", "scheduledChange", [resource])
    events = deployed.client("logs").filter_log_events(logGroupName=f"/aws/events/vpn/{STACK}/Monitoring")["events"]
    (event,) = [json.loads(one["message"]) for one in events]
    assert (event["source"], event["resources"]) == ("aws.health", [vpn])
    assert event["detail"]["service"] == "VPN"


def test_a_query_that_cannot_be_run_here_is_refused(deployed: Deployed) -> None:
    logs = deployed.client("logs")
    with pytest.raises(logs.exceptions.MalformedQueryException, match="stats count"):
        logs.start_query(
            logGroupName=f"/cgw/{STACK}/Monitoring", queryString="stats count(*) by x", startTime=0, endTime=1
        )
