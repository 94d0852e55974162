"""The alarms of connections, tunnels and devices."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.client_vpn.endpoint import BaseClientVpn
from cdk_aws_vpn.connection.watched import BaseVpnConnection
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.names import ALARM_NAME_LENGTH, shortened
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.device_metrics import DeviceMetrics

_LESS = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_AT_MOST = cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
_MORE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_BREACHING = cloudwatch.TreatMissingData.BREACHING
_NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING
# The device and EC2 publish once a minute: missing or unhealthy in three of five minutes.
DEVICE_TIMING = AlarmTiming(period_seconds=60, datapoints_to_alarm=3, evaluation_periods=5)
# EC2 publishes CPU credits every five minutes.
CREDITS_TIMING = AlarmTiming(period_seconds=300, datapoints_to_alarm=3, evaluation_periods=3)
# AWS publishes client metrics every five minutes; one bad value is enough.
CLIENTS_TIMING = AlarmTiming(period_seconds=300, datapoints_to_alarm=1, evaluation_periods=1)
# A missing list counts as bad, and so does a value that AWS publishes late: wait for three of them.
LIST_TIMING = AlarmTiming(period_seconds=300, datapoints_to_alarm=3, evaluation_periods=3)
# What a t3.micro earns in three hours, spent beyond what it has earned. No boot spends that much; an undersized device
# does.
SURPLUS_CREDITS = 36
ALARM_DESCRIPTION_LENGTH = 1024
BURSTABLE_UNLIMITED = ("t3.", "t3a.", "t4g.")


class VpnAlarms(Construct):
    """All alarms of one monitoring construct, each named after what it watches."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, topic: sns.ITopic | None) -> None:
        super().__init__(scope, construct_id)
        self._name = name
        self._topic = topic
        self.alarms: list[cloudwatch.Alarm] = []
        """In reading order: for each connection and device, outages come first."""
        if topic is None:
            acknowledge(
                self,
                {
                    "NIST.800.53.R5-CloudWatchAlarmAction": "No SNS topic was given: pass topic=… to the monitoring "
                    "construct and its alarms notify it. Without a topic, the dashboard shows the state of each alarm."
                },
            )

    def watch_connection(self, title: str, vpn: BaseVpnConnection, numbers: Sequence[int], timing: AlarmTiming) -> None:
        """Watch a connection and its tunnels that are in use."""
        period = timing.period
        # with one tunnel in use, the connection's own metric would always show the other one as down
        whole = len(numbers) > 1
        tunnels = [tunnel for tunnel in vpn.tunnels if tunnel.number in numbers]
        outage = (
            vpn.metric_tunnel_state(statistic="Maximum", period=period)
            if whole
            else tunnels[0].metric_state(period=period).with_(statistic="Maximum")
        )
        self._alarm(
            f"{title} outage",
            outage,
            _AT_MOST,
            0,
            timing,
            f"No tunnel of {title} is up, so it carries no traffic. Run the saved query 'why did a tunnel go down'.",
        )
        if not whole:
            return
        self._alarm(
            f"{title} redundancy lost",
            vpn.metric_tunnel_state(statistic="Minimum", period=period),
            _LESS,
            1,
            timing,
            f"A tunnel of {title} is down. Traffic uses the other tunnel as long as that one stays up.",
        )
        for tunnel in tunnels:
            self._alarm(
                f"{title} tunnel {tunnel.number} down",
                tunnel.metric_state(period=period),
                _LESS,
                1,
                timing,
                f"Tunnel {tunnel.number} of {title} ({tunnel.description}) is down.",
            )

    def watch_device(self, title: str, metrics: DeviceMetrics) -> None:
        """Watch a device: its instance, the health it reports, and its CPU credits if its type has any."""
        device = metrics.device
        self._alarm(
            f"{title} status check failed",
            _instance_metric(device, "StatusCheckFailed", DEVICE_TIMING),
            _MORE,
            0,
            DEVICE_TIMING,
            f"The instance {title} is stopped or fails its EC2 status checks.",
        )
        self._alarm(
            f"{title} unhealthy",
            metrics.healthy(),
            _LESS,
            1,
            DEVICE_TIMING,
            f"{title} reports that it is unhealthy, or has stopped reporting. Log in and run cgw-status.",
        )
        if device.instance_type.startswith(BURSTABLE_UNLIMITED):
            self._alarm(
                f"{title} short of CPU",
                _instance_metric(device, "CPUSurplusCreditBalance", CREDITS_TIMING),
                _MORE,
                SURPLUS_CREDITS,
                CREDITS_TIMING,
                f"{title} uses more CPU credits than a {device.instance_type} earns, and AWS charges for the surplus. "
                "Choose a larger instance type.",
                missing=_NOT_BREACHING,
            )

    def watch_clients(
        self,
        title: str,
        client_vpn: BaseClientVpn,
        *,
        failures: int,
        connections: int,
        revocation_list_days: int,
        revocation_list_required: bool,
    ) -> None:
        """Watch the clients of a Client VPN endpoint.

        Missing data is not an alarm: an endpoint without clients or without a revocation list publishes none. If a
        list is required, its metric must be there.
        """
        without = (
            " An endpoint without a list raises the alarm too, because it admits users who were revoked: run vpn-ops "
            "client-vpn sync."
        )
        self._alarm(
            f"{title} revocation list expires",
            client_vpn.metric("CrlDaysToExpiry", statistic="Minimum"),
            _LESS,
            revocation_list_days,
            LIST_TIMING if revocation_list_required else CLIENTS_TIMING,
            f"The revocation list of {title} expires within {revocation_list_days} days. After that no client can "
            f"connect; import a new list.{without if revocation_list_required else ''}",
            missing=_BREACHING if revocation_list_required else _NOT_BREACHING,
        )
        self._alarm(
            f"{title} authentication failures",
            client_vpn.metric("AuthenticationFailures", statistic="Sum"),
            _AT_LEAST,
            failures,
            CLIENTS_TIMING,
            f"{failures} or more authentication attempts at {title} failed within five minutes. Either somebody is "
            "trying to get in, or certificates have expired.",
            missing=_NOT_BREACHING,
        )
        self._alarm(
            f"{title} nearly full",
            client_vpn.metric("ActiveConnectionsCount"),
            _AT_LEAST,
            connections,
            CLIENTS_TIMING,
            f"{connections} or more clients are connected to {title}. {client_vpn.client_cidr or 'It'} may soon run "
            "out of addresses for new clients.",
            missing=_NOT_BREACHING,
        )

    def _alarm(  # noqa: PLR0917
        self,
        title: str,
        metric: cloudwatch.Metric,
        comparison: cloudwatch.ComparisonOperator,
        threshold: float,
        timing: AlarmTiming,
        description: str,
        *,
        missing: cloudwatch.TreatMissingData = _BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            title,
            alarm_name=shortened(f"{self._name}: {title}", ALARM_NAME_LENGTH),
            alarm_description=shortened(description, ALARM_DESCRIPTION_LENGTH),
            metric=metric,
            comparison_operator=comparison,
            threshold=threshold,
            evaluation_periods=timing.evaluation_periods,
            datapoints_to_alarm=timing.datapoints_to_alarm,
            treat_missing_data=missing,
        )
        if self._topic is not None:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
            alarm.add_ok_action(actions.SnsAction(self._topic))
        self.alarms.append(alarm)


def _instance_metric(device: CgwInstance, name: str, timing: AlarmTiming) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/EC2",
        metric_name=name,
        statistic="Maximum",
        dimensions_map={"InstanceId": device.instance_id},
        period=timing.period,
    )
