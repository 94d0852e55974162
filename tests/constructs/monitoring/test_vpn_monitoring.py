"""What monitoring puts into the template, for a firewall of one's own and for devices of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Environment
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from cdk_aws_vpn import AlarmTiming, Static, TunnelLogOptions, TunnelOptions, VpnMonitoring
from tests.constructs.site import IDC, Site, resources

ALARM = "AWS::CloudWatch::Alarm"


def alarms(site: Site) -> dict[str, dict[str, Any]]:
    return {alarm["AlarmName"].split(": ")[1]: alarm for alarm in resources(site.template, ALARM)}


class TestAlarms:
    """What is watched, and when it is an alarm."""

    def test_a_connection_has_four(self, branch: Site) -> None:
        assert list(alarms(branch)) == ["Vpn outage", "Vpn redundancy lost", "Vpn tunnel 1 down", "Vpn tunnel 2 down"]

    def test_outage_is_all_down_and_lost_redundancy_any_down(self, branch: Site) -> None:
        outage, lost = (alarms(branch)[f"Vpn {name}"] for name in ("outage", "redundancy lost"))
        assert (outage["Statistic"], outage["Threshold"]) == ("Maximum", 0)
        assert outage["ComparisonOperator"] == "LessThanOrEqualToThreshold"
        assert (lost["Statistic"], lost["Threshold"], lost["ComparisonOperator"]) == ("Minimum", 1, "LessThanThreshold")
        for alarm in (outage, lost):
            assert [one["Name"] for one in alarm["Dimensions"]] == ["VpnId"]

    def test_a_tunnel_is_known_by_connection_and_outside_address(self, branch: Site) -> None:
        for number in (1, 2):
            dimensions = {
                one["Name"]: one["Value"] for one in alarms(branch)[f"Vpn tunnel {number} down"]["Dimensions"]
            }
            assert set(dimensions) == {"VpnId", "TunnelIpAddress"}
            assert dimensions["TunnelIpAddress"]["Fn::GetAtt"][1] == f"Tunnel{number}OutsideAddress"

    def test_silence_is_bad_and_one_bad_period_of_three_is_none(self, pair: Site) -> None:
        found = [alarm for name, alarm in alarms(pair).items() if "Vpn" in name]
        assert len(found) == 8
        assert {alarm["TreatMissingData"] for alarm in found} == {"breaching"}
        assert {(one["Period"], one["DatapointsToAlarm"], one["EvaluationPeriods"]) for one in found} == {(300, 2, 3)}

    def test_the_timing_can_be_chosen(self) -> None:
        site = Site()
        timing = AlarmTiming(period_seconds=60, datapoints_to_alarm=3, evaluation_periods=10)
        VpnMonitoring(site.stack, "Monitoring", connections=[site.connection()], timing=timing)
        found = alarms(site).values()
        assert {(one["Period"], one["DatapointsToAlarm"], one["EvaluationPeriods"]) for one in found} == {(60, 3, 10)}

    def test_a_tunnel_that_the_device_does_not_set_up_is_not_watched(self) -> None:
        site = Site()
        device = site.device()
        vpn = site.connection(customer_gateway=device.customer_gateway, routing=Static([IDC]))
        device.connect(vpn, tunnels=(2,))
        VpnMonitoring(site.stack, "Monitoring", connections=[vpn], devices=[device])
        found = alarms(site)
        assert [name for name in found if "Vpn" in name] == ["Vpn outage"]
        (address,) = [one["Value"] for one in found["Vpn outage"]["Dimensions"] if one["Name"] == "TunnelIpAddress"]
        assert address["Fn::GetAtt"][1] == "Tunnel2OutsideAddress"

    def test_a_device_is_watched_from_outside_and_by_itself(self, pair: Site) -> None:
        found = {name: alarm for name, alarm in alarms(pair).items() if name.startswith("Active ")}
        assert list(found) == ["Active status check failed", "Active unhealthy", "Active short of CPU"]
        assert [one["Namespace"] for one in found.values()] == ["AWS/EC2", "CustomerGateway", "AWS/EC2"]
        missing = [one["TreatMissingData"] for one in found.values()]
        assert missing == ["breaching", "breaching", "notBreaching"]
        assert found["Active unhealthy"]["Dimensions"] == [{"Name": "Device", "Value": "Stack/Active"}]

    @pytest.mark.parametrize(
        ("instance_type", "burstable"), [("t3.small", True), ("t3a.micro", True), ("c6i.large", False)]
    )
    def test_credits_are_watched_where_there_are_any(self, instance_type: str, burstable: bool) -> None:
        site = Site()
        device = site.connected(instance_type=instance_type)
        VpnMonitoring(site.stack, "Monitoring", connections=[device.connection], devices=[device])  # type: ignore[list-item]
        assert ("Cgw short of CPU" in alarms(site)) is burstable

    def test_a_topic_hears_of_every_alarm_of_its_end_and_of_aws(self) -> None:
        site = Site()
        topic = sns.Topic(site.stack, "Topic", enforce_ssl=True)
        VpnMonitoring(site.stack, "Monitoring", connections=[site.connection()], topic=topic)
        for alarm in alarms(site).values():
            assert alarm["AlarmActions"] == alarm["OKActions"] == [site.stack.resolve(topic.topic_arn)]
        (rule,) = resources(site.template, "AWS::Events::Rule")
        assert [target["Id"] for target in rule["Targets"]] == ["Logs", "Topic"]
        policy = json.dumps(resources(site.template, "AWS::SNS::TopicPolicy"))
        assert "cloudwatch.amazonaws.com" not in policy or "events.amazonaws.com" in policy
        assert "events.amazonaws.com" in policy


class TestLogs:
    """Log groups and saved queries."""

    def test_every_tunnel_writes_ike_and_bgp_logs_as_json(self, branch: Site) -> None:
        (vpn,) = resources(branch.template, "AWS::EC2::VPNConnection")
        for tunnel in vpn["VpnTunnelOptionsSpecifications"]:
            options = tunnel["LogOptions"]["CloudwatchLogOptions"]
            assert (options["LogEnabled"], options["LogOutputFormat"]) == (True, "json")
            assert (options["BgpLogEnabled"], options["BgpLogOutputFormat"]) == (True, "json")

    def test_static_tunnels_have_no_bgp_to_write_of(self) -> None:
        site = Site()
        VpnMonitoring(site.stack, "Monitoring", connections=[site.connection(routing=Static([IDC]))])
        (vpn,) = resources(site.template, "AWS::EC2::VPNConnection")
        assert all(
            tunnel["LogOptions"]["CloudwatchLogOptions"]["BgpLogEnabled"] is False
            for tunnel in vpn["VpnTunnelOptionsSpecifications"]
        )
        names = [query["Name"].rsplit("/", 1)[1] for query in resources(site.template, "AWS::Logs::QueryDefinition")]
        assert names == ["why did a tunnel go down", "what was negotiated"]

    def test_groups_are_where_aws_may_write_and_do_not_stay(self, branch: Site) -> None:
        groups = branch.template.find_resources("AWS::Logs::LogGroup").values()
        named = {one["Properties"].get("LogGroupName", ""): one for one in groups}
        mine = [name for name in named if "Monitoring" in name]
        assert sorted(mine) == [
            "/aws/events/vpn/Stack/Monitoring",
            "/aws/vendedlogs/vpn/Stack/Monitoring/bgp",
            "/aws/vendedlogs/vpn/Stack/Monitoring/ike",
        ]
        assert {named[name]["Properties"]["RetentionInDays"] for name in mine} == {30}
        assert {named[name]["DeletionPolicy"] for name in mine} == {"Delete"}

    def test_retention_and_key_can_be_chosen(self) -> None:
        site = Site()
        key = kms.Key(site.stack, "Key")
        VpnMonitoring(
            site.stack,
            "Monitoring",
            connections=[site.connection()],
            log_retention=logs.RetentionDays.ONE_YEAR,
            log_encryption_key=key,
        )
        groups = [one for one in resources(site.template, "AWS::Logs::LogGroup") if "LogGroupName" in one]
        assert {one["RetentionInDays"] for one in groups} == {365}
        assert all(one["KmsKeyId"] == site.stack.resolve(key.key_arn) for one in groups)
        statements = resources(site.template, "AWS::KMS::Key")[0]["KeyPolicy"]["Statement"]
        services = [one for one in statements if "Service" in one["Principal"]]
        in_region = ["logs.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]
        assert [one["Principal"]["Service"] for one in services] == [{"Fn::Join": ["", in_region]}] * len(services)
        assert services
        for one in services:
            own = json.dumps(one["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"])
            assert '{"Ref": "AWS::AccountId"}, ":log-group:*"' in own

    def test_a_tunnel_keeps_log_options_of_its_own_and_the_queries_ask_there_too(self) -> None:
        site = Site()
        group = logs.LogGroup(site.stack, "Mine", log_group_name="/aws/vendedlogs/mine")
        own = TunnelOptions(log_options=TunnelLogOptions(log_group=group))
        VpnMonitoring(site.stack, "Monitoring", connections=[site.connection(tunnels=(own, TunnelOptions()))])
        first, second = resources(site.template, "AWS::EC2::VPNConnection")[0]["VpnTunnelOptionsSpecifications"]
        arns = [json.dumps(one["LogOptions"]["CloudwatchLogOptions"]["LogGroupArn"]) for one in (first, second)]
        assert "Mine" in arns[0]
        assert "Monitoring" in arns[1]
        queries = resources(site.template, "AWS::Logs::QueryDefinition")
        assert [len(query["LogGroupNames"]) for query in queries] == [2, 2, 1]

    def test_the_queries_do_not_take_the_log_group_of_another_account_for_one_of_this(self) -> None:
        site = Site(env=Environment(account="111122223333", region="eu-west-1"))
        arn = "arn:aws:logs:eu-west-1:999999999999:log-group:/central/vpn"
        group = logs.LogGroup.from_log_group_arn(site.stack, "Central", arn)
        own = TunnelOptions(log_options=TunnelLogOptions(log_group=group))
        VpnMonitoring(site.stack, "Monitoring", connections=[site.connection(tunnels=(own, TunnelOptions()))])
        queries = resources(site.template, "AWS::Logs::QueryDefinition")
        assert "/central/vpn" not in json.dumps(queries)


class TestDevices:
    """What a device needs to publish its metrics."""

    def test_it_may_write_to_its_own_stream_and_nowhere_else(self, pair: Site) -> None:
        for name in ("Active", "Standby"):
            policies = resources(pair.template, "AWS::IAM::ManagedPolicy")
            (policy,) = (one for one in policies if one["Description"].endswith(f"/{name} may do"))
            (write,) = (one for one in policy["PolicyDocument"]["Statement"] if str(one["Action"]).startswith("logs:"))
            assert write["Action"] == "logs:PutLogEvents"
            arn = json.dumps(write["Resource"])
            assert f":log-group:/cgw/Stack/Monitoring:log-stream:{name}" in arn
            assert "*" not in arn

    def test_its_stream_is_there_before_it_starts(self, pair: Site) -> None:
        streams = pair.template.find_resources("AWS::Logs::LogStream")
        names = {stream["Properties"]["LogStreamName"]: key for key, stream in streams.items()}
        instances = pair.template.find_resources("AWS::EC2::Instance").values()
        for instance in instances:
            name = instance["Properties"]["Tags"][0]["Value"].split("/")[-1]
            assert names[name] in instance["DependsOn"]

    def test_a_single_static_tunnel_gets_the_programs_that_publish(self) -> None:
        site = Site()
        device = site.device()
        vpn = site.connection(customer_gateway=device.customer_gateway, routing=Static([IDC]))
        device.connect(vpn, tunnels=(1,))
        assert "device.zip" not in device.user_data
        VpnMonitoring(site.stack, "Monitoring", connections=[vpn], devices=[device])
        assert "unit cgw-metrics" in device.user_data
        assert "unit)" not in device.user_data  # no monitor: there is nothing to choose between


def test_what_aws_announces_about_these_connections_is_kept(branch: Site) -> None:
    (rule,) = resources(branch.template, "AWS::Events::Rule")
    connection = next(iter(branch.template.find_resources("AWS::EC2::VPNConnection")))
    assert rule["EventPattern"] == {
        "source": ["aws.health"],
        "detail-type": ["AWS Health Event"],
        "detail": {"service": ["VPN"]},
        "resources": [{"Ref": connection}],
    }
    groups = branch.template.find_resources("AWS::Logs::LogGroup").values()
    (kept,) = (one["Properties"] for one in groups if "events" in one["Properties"].get("LogGroupName", ""))
    statement = kept["ResourcePolicyDocument"]["Statement"][0]
    assert "events.amazonaws.com" in statement["Principal"]["Service"]
