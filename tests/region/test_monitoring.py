"""Alarms, metrics and logs of the region, each shown to follow a fault and its end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.region.vpn_site import Site
from vpn_lab.region import Region

PERIOD_SECONDS = 0.5
DEADLINE_SECONDS = 30
GROUPS = ("/aws/vendedlogs/vpn/test/ike", "/aws/vendedlogs/vpn/test/bgp")


@pytest.fixture(scope="module")
def quick() -> Iterator[Region]:
    """A region where a period of an alarm lasts half a second."""
    with Region.start(metric_period_limit=PERIOD_SECONDS, custom_metric_period_limit=PERIOD_SECONDS) as region:
        yield region


@pytest.fixture
def tunnels(quick: Region) -> Iterator[Site]:
    """A BGP connection whose tunnels write logs."""
    logs, site = quick.client("logs"), Site(quick.client("ec2"))
    for group in GROUPS:
        logs.create_log_group(logGroupName=group)
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:"
    options = {
        "LogEnabled": True,
        "LogGroupArn": arn + GROUPS[0],
        "BgpLogEnabled": True,
        "BgpLogGroupArn": arn + GROUPS[1],
    }
    site.connect(*[{"LogOptions": {"CloudWatchLogOptions": options}}] * 2)
    yield site
    site.remove()
    for group in GROUPS:
        logs.delete_log_group(logGroupName=group)


def addresses(site: Site) -> list[str]:
    return [one["OutsideIpAddress"] for one in site.shown()["Options"]["TunnelOptions"]]


def alarm(region: Region, name: str, dimensions: dict[str, str], **options: Any) -> None:
    region.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        **{
            "Namespace": "AWS/VPN",
            "MetricName": "TunnelState",
            "Statistic": "Minimum",
            "Period": 300,
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 2,
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            **options,
        },
    )


def state(region: Region, name: str) -> str:
    return str(region.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"])


def wait_for(check: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not check():
        assert time.monotonic() < deadline, f"{what} did not come within {DEADLINE_SECONDS} s"
        time.sleep(0.05)


def becomes(region: Region, wanted: dict[str, str]) -> None:
    wait_for(lambda: {name: state(region, name) for name in wanted} == wanted, str(wanted))


def test_alarms_follow_a_tunnel_that_is_cut_and_comes_back(quick: Region, tunnels: Site) -> None:
    vpn, (first, second) = tunnels.connections[-1], addresses(tunnels)
    alarm(quick, "redundancy", {"VpnId": vpn})
    alarm(
        quick,
        "outage",
        {"VpnId": vpn},
        Statistic="Maximum",
        Threshold=0,
        ComparisonOperator="LessThanOrEqualToThreshold",
    )
    for number, address in ((1, first), (2, second)):
        alarm(quick, f"tunnel {number}", {"VpnId": vpn, "TunnelIpAddress": address})
    quick.report_tunnel(vpn, first, "UP")
    quick.report_tunnel(vpn, second, "UP")
    becomes(quick, {"redundancy": "OK", "outage": "OK", "tunnel 1": "OK", "tunnel 2": "OK"})
    quick.report_tunnel(vpn, first, "DOWN")
    becomes(quick, {"redundancy": "ALARM", "outage": "OK", "tunnel 1": "ALARM", "tunnel 2": "OK"})
    quick.report_tunnel(vpn, second, "DOWN")
    becomes(quick, {"outage": "ALARM", "tunnel 2": "ALARM"})
    quick.report_tunnel(vpn, first, "UP")
    quick.report_tunnel(vpn, second, "UP")
    becomes(quick, {"redundancy": "OK", "outage": "OK", "tunnel 1": "OK", "tunnel 2": "OK"})
    history = quick.client("cloudwatch").describe_alarm_history(AlarmName="outage")["AlarmHistoryItems"]
    assert {"Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"} <= {
        one["HistorySummary"] for one in history
    }


def test_the_state_of_a_connection_is_a_fraction_while_one_tunnel_is_down(quick: Region, tunnels: Site) -> None:
    vpn, (first, _) = tunnels.connections[-1], addresses(tunnels)
    quick.report_tunnel(vpn, first, "UP")

    def averages() -> list[float]:
        now = time.time()
        found = quick.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/VPN",
            MetricName="TunnelState",
            Dimensions=[{"Name": "VpnId", "Value": vpn}],
            StartTime=now - 3,
            EndTime=now + 60,
            Period=1,
            Statistics=["Average"],
        )
        return [one["Average"] for one in found["Datapoints"]]

    wait_for(lambda: 0.5 in averages(), "half a tunnel")


def test_bytes_are_counted_from_one_value_to_the_next(quick: Region, tunnels: Site) -> None:
    vpn, (first, _) = tunnels.connections[-1], addresses(tunnels)
    for received, sent in ((1000, 10), (5000, 30), (200, 5)):  # the last one after a new security association
        quick.report_tunnel(vpn, first, "UP", bytes_in=received, bytes_out=sent)

    def total(name: str) -> float:
        now = time.time()
        found = quick.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/VPN",
            MetricName=name,
            Dimensions=[{"Name": "VpnId", "Value": vpn}, {"Name": "TunnelIpAddress", "Value": first}],
            StartTime=now - 600,
            EndTime=now + 60,
            Period=60,
            Statistics=["Sum"],
        )
        return float(sum(one["Sum"] for one in found["Datapoints"]))

    wait_for(lambda: (total("TunnelDataIn"), total("TunnelDataOut")) == (5200, 35), "all bytes")


def test_an_alarm_judges_its_own_dimensions_only(quick: Region) -> None:
    metrics = quick.client("cloudwatch")
    for name in ("mine", "other"):
        options = {"Namespace": "Test", "MetricName": "Level", "TreatMissingData": "missing", "EvaluationPeriods": 1}
        alarm(quick, name, {"Of": name}, **options, DatapointsToAlarm=1)
    datum = {"MetricName": "Level", "Dimensions": [{"Name": "Of", "Value": "mine"}], "Value": 0}

    def raised() -> bool:
        metrics.put_metric_data(Namespace="Test", MetricData=[datum])
        return state(quick, "mine") == "ALARM"

    wait_for(raised, "the alarm")
    assert state(quick, "other") == "INSUFFICIENT_DATA"


def test_a_log_event_with_embedded_metrics_becomes_metrics_and_raises_an_alarm(quick: Region) -> None:
    logs = quick.client("logs")
    logs.create_log_group(logGroupName="/cgw/test")
    logs.create_log_stream(logGroupName="/cgw/test", logStreamName="Cgw")
    options = {"Namespace": "CustomerGateway", "MetricName": "Healthy"}
    alarm(quick, "unhealthy", {"Device": "Test/Cgw"}, **options)

    def publish(healthy: int, wanted: str) -> Callable[[], bool]:
        def once() -> bool:
            now = int(time.time() * 1000)
            metric = {"Namespace": "CustomerGateway", "Dimensions": [["Device"]], "Metrics": [{"Name": "Healthy"}]}
            heading = {"Timestamp": now, "CloudWatchMetrics": [metric]}
            message = json.dumps({"_aws": heading, "Device": "Test/Cgw", "Healthy": healthy})
            events = [{"timestamp": now, "message": message}, {"timestamp": now, "message": "no metric"}]
            logs.put_log_events(logGroupName="/cgw/test", logStreamName="Cgw", logEvents=events)
            return state(quick, "unhealthy") == wanted

        return once

    wait_for(publish(1, "OK"), "health")
    wait_for(publish(0, "ALARM"), "the alarm")
    wait_for(publish(1, "OK"), "health again")
    wait_for(lambda: state(quick, "unhealthy") == "ALARM", "an alarm for a device that says nothing")
    logs.delete_log_group(logGroupName="/cgw/test")


def entries(region: Region, group: str) -> list[dict[str, Any]]:
    events = region.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(event["message"]) for event in events]


def test_a_tunnel_writes_what_happens_to_it(quick: Region, tunnels: Site) -> None:
    vpn, (first, _) = tunnels.connections[-1], addresses(tunnels)
    quick.report_tunnel(vpn, first, "UP", message="1 BGP ROUTES", learned_prefixes=["10.60.0.0/16"])
    quick.report_tunnel(vpn, first, "UP", message="1 BGP ROUTES", learned_prefixes=["10.60.0.0/16"])
    quick.report_tunnel(vpn, first, "DOWN", message="IPSEC IS DOWN")
    ike, bgp = (entries(quick, group) for group in GROUPS)
    assert [one["ike_phase1_state"] for one in ike] == ["established", "down"]
    assert ike[1]["details"] == "AWS tunnel DPD timed out after 3 retransmits"
    assert [(one["type"], one["status"]) for one in bgp] == [
        ("BGPStatus", "UP"),
        ("RouteStatus", "ADVERTISED"),
        ("BGPStatus", "DOWN"),
        ("BGPStatus", "DOWN"),
        ("RouteStatus", "WITHDRAWN"),
    ]
    assert bgp[4]["message"]["prefix"] == "10.60.0.0/16"
    assert {one["resource_id"] for one in bgp} == {f"{vpn}_{first}"}


def test_a_topic_hears_of_an_alarm_and_of_its_end(quick: Region, tunnels: Site) -> None:
    sns, sqs = quick.client("sns"), quick.client("sqs")
    topic = sns.create_topic(Name="operators")["TopicArn"]
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    vpn, (first, second) = tunnels.connections[-1], addresses(tunnels)
    quick.report_tunnel(vpn, first, "UP")
    quick.report_tunnel(vpn, second, "UP")
    alarm(quick, "told", {"VpnId": vpn}, AlarmActions=[topic], OKActions=[topic])
    heard: list[str] = []

    def hears(wanted: str) -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ()):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            told = json.loads(json.loads(message["Body"])["Message"])
            assert told["AlarmName"] == "told"
            heard.append(told["NewStateValue"])
        return heard[-1:] == [wanted]

    wait_for(lambda: hears("OK"), "the first word")
    quick.report_tunnel(vpn, second, "DOWN")
    wait_for(lambda: hears("ALARM"), "word of the alarm")
    quick.report_tunnel(vpn, second, "UP")
    wait_for(lambda: hears("OK"), "word of its end")
    sqs.delete_queue(QueueUrl=queue)
    sns.delete_topic(TopicArn=topic)
