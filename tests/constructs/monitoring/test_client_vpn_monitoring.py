"""What the monitoring of a Client VPN endpoint puts into the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_sns as sns

from cdk_aws_vpn import ClientVpnMonitoring
from tests.constructs.client_vpn.bad_client_vpn import client_vpn
from tests.constructs.site import Site, resources

ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def site() -> Site:
    return Site()


def alarms(site: Site) -> dict[str, dict[str, Any]]:
    return {one["AlarmName"]: one for one in resources(site.template, ALARM)}


def test_it_watches_the_list_the_refused_and_the_number_of_clients(site: Site) -> None:
    made = ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=client_vpn(site))
    found = alarms(site)
    shown = {
        name: (one["MetricName"], one["Statistic"], one["ComparisonOperator"], one["Threshold"])
        for name, one in found.items()
    }
    least = "GreaterThanOrEqualToThreshold"
    assert shown == {
        "Stack: X revocation list expires": ("CrlDaysToExpiry", "Minimum", "LessThanThreshold", 14),
        "Stack: X authentication failures": ("AuthenticationFailures", "Sum", least, 10),
        # four fifths of half of a /22
        "Stack: X nearly full": ("ActiveConnectionsCount", "Maximum", least, 409),
    }
    assert {one["TreatMissingData"] for one in found.values()} == {"notBreaching"}
    assert [one["Name"] for alarm in found.values() for one in alarm["Dimensions"]] == ["Endpoint"] * 3
    assert len(made.alarms) == 3


def test_each_threshold_can_be_chosen(site: Site) -> None:
    ClientVpnMonitoring(
        site.stack,
        "Monitoring",
        client_vpn=client_vpn(site),
        authentication_failures=3,
        most_connections=50,
        revocation_list_days=30,
    )
    assert [one["Threshold"] for _, one in sorted(alarms(site).items())] == [3, 50, 30]


def test_a_required_list_raises_the_alarm_when_there_is_none(site: Site) -> None:
    ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=client_vpn(site), revocation_list_required=True)
    found = alarms(site)
    watched = found.pop("Stack: X revocation list expires")
    assert watched["TreatMissingData"] == "breaching"
    assert (watched["DatapointsToAlarm"], watched["EvaluationPeriods"], watched["Period"]) == (3, 3, 300)
    assert "run vpn-ops client-vpn sync" in watched["AlarmDescription"]
    assert {one["TreatMissingData"] for one in found.values()} == {"notBreaching"}


def test_a_topic_is_told_of_alarms_and_of_their_end(site: Site) -> None:
    topic = sns.Topic.from_topic_arn(site.stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:operators")
    ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=client_vpn(site), topic=topic)
    for alarm in alarms(site).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [topic.topic_arn]


def test_the_saved_queries_ask_the_connection_log(site: Site) -> None:
    ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=client_vpn(site))
    found = {one["Name"]: one for one in resources(site.template, "AWS::Logs::QueryDefinition")}
    assert list(found) == ["Stack/Monitoring/who was connected", "Stack/Monitoring/which attempts failed"]
    for one in found.values():
        (group,) = one["LogGroupNames"]
        assert group["Ref"].startswith("XLogs")


def test_the_dashboard_shows_every_alarm_metric_and_query(site: Site) -> None:
    made = ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=client_vpn(site), dashboard_name="clients")
    (dashboard,) = resources(site.template, "AWS::CloudWatch::Dashboard")
    assert dashboard["DashboardName"] == "clients"
    assert made.dashboard_url.endswith(made.dashboard_name)
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "reference" for part in parts))
    (shown,) = (one for one in body["widgets"] if one["type"] == "alarm")
    assert len(shown["properties"]["alarms"]) == 3
    metrics = {line[1] for one in body["widgets"] for line in one["properties"].get("metrics", ())}
    assert metrics == {
        "ActiveConnectionsCount",
        "IngressBytes",
        "EgressBytes",
        "AuthenticationFailures",
        "CrlDaysToExpiry",
    }
    assert sum(one["type"] == "log" for one in body["widgets"]) == 2
