"""Monitoring of VPN connections and devices: alarms, a dashboard, logs and AWS Health events."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct, check_instance
from cdk_aws_vpn.connection.existing_connection import ExistingVpnConnection
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.watched import BaseVpnConnection
from cdk_aws_vpn.device.boot import publish_metrics
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.configuration import MetricsConfig
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import home_of, in_order
from cdk_aws_vpn.foundation.log_groups import make_log_group
from cdk_aws_vpn.foundation.names import as_log_name, name_in_region, name_seen_from, path_in_stack
from cdk_aws_vpn.foundation.places import stack_name_of
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.alarms import VpnAlarms
from cdk_aws_vpn.monitoring.dashboard import VpnDashboard
from cdk_aws_vpn.monitoring.device_metrics import DeviceMetrics
from cdk_aws_vpn.monitoring.health_events import VpnHealthEvents
from cdk_aws_vpn.monitoring.options import (
    WHY_NO_KEY,
    check_dashboard_name,
    check_environment,
    check_stack,
    check_topic,
    chosen_dashboard_name,
    claim_watched,
    console_address,
    is_in_stack,
)
from cdk_aws_vpn.monitoring.tunnel_logs import TunnelLogs


class VpnMonitoring(Construct):
    """Monitors connections, and the devices that terminate them if they are :class:`~cdk_aws_vpn.CgwInstance`.

    Each connection gets an alarm for an outage (no tunnel is up) and one for lost redundancy (one tunnel is down). Each
    tunnel has its own alarm; a tunnel without data counts as down. Tunnels write IKE and BGP logs as JSON, and saved
    Logs Insights queries search them. Each device publishes its health through its log stream (CloudWatch embedded
    metric format) and has its own alarms. A dashboard shows all of this. AWS Health events about the connections go to
    a log group and to the topic. ``docs/monitoring.md`` says what each alarm means and what to do.

    Create it after everything that it watches: a device must be attached to its connection first.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        connections: One or more connections of the same account and Region, new ones of any stack or existing ones
            (:meth:`VpnConnection.from_id`). Only the tunnels of new connections in the same stack are told to write
            logs.
        devices: The devices that terminate them, in the same stack. Default: none, for connections to your own
            hardware. If you list devices, tunnels that none of them terminates are not watched.
        topic: SNS topic that is notified when an alarm is raised, when it clears, and of AWS Health events. Encrypt it
            and set ``enforce_ssl``; the policy of its key must allow ``cloudwatch.amazonaws.com`` and
            ``events.amazonaws.com``. For a topic that was made elsewhere, a warning says what its policy must allow.
            Default: no notification.
        timing: How long a connection or tunnel must be down before an alarm is raised. Default: 2 of 3 periods of
            5 minutes.
        log_retention: How long logs are kept. Default: one month.
        log_encryption_key: KMS key of the log groups. CloudWatch Logs is granted its use if the app has made the key.
            For a key that was made elsewhere, a warning says what its owner must grant. Default: a key owned by AWS.
        dashboard_name: 1 to 255 letters, digits, hyphens and underscores. Default: stack name,
            construct id and Region, because a dashboard belongs to the account.

    Raises:
        VpnConfigurationError: A connection or device is missing, listed twice or has the wrong type.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        connections: Sequence[BaseVpnConnection],
        devices: Sequence[CgwInstance] = (),
        topic: sns.ITopic | None = None,
        timing: AlarmTiming | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        log_encryption_key: kms.IKey | None = None,
        dashboard_name: str | None = None,
    ) -> None:
        _check_watched("connections", connections, VpnConnection, ExistingVpnConnection, least=1)
        _check_watched("devices", devices, CgwInstance, least=0)
        for connection in connections:
            check_environment("connections", connection, scope)
            _check_direction(connection, scope)
        for device in devices:
            check_stack("devices", device, scope)
            _check_device(device, connections)
        _check_options(topic, timing, log_retention, log_encryption_key, dashboard_name)
        super().__init__(scope, construct_id)
        timing = timing or AlarmTiming()
        for connection in connections:
            claim_watched("connections", self, connection, connection.vpn_connection_id)
        self.name = name_in_region(self)
        """Prefix of the names of log groups and queries."""
        watched = {name_seen_from(self, each): (each, _numbers(each, devices)) for each in connections}
        self.logs = TunnelLogs(
            self,
            "Logs",
            name=self.name,
            connections=connections,
            writers=[each for each in connections if isinstance(each, VpnConnection) and is_in_stack(each, self)],
            retention=log_retention,
            encryption_key=log_encryption_key,
        )
        """Log groups and saved queries."""
        self._metrics = self._publish(devices, log_retention, log_encryption_key)
        self._alarms = VpnAlarms(self, "Alarms", name=stack_name_of(self), topic=topic)
        for title, (connection, numbers) in watched.items():
            self._alarms.watch_connection(title, connection, numbers, timing)
        for metrics in self._metrics:
            self._alarms.watch_device(path_in_stack(metrics.device), metrics)
        self.health_events = VpnHealthEvents(
            self,
            "HealthEvents",
            name=self.name,
            connection_ids=in_order(self, [each.vpn_connection_id for each in connections]),
            topic=topic,
            retention=log_retention,
            encryption_key=log_encryption_key,
        )
        """The AWS Health events about the connections."""
        self.alarms = tuple(self._alarms.alarms)
        """All alarms."""
        dashboard = VpnDashboard(
            self,
            "Dashboard",
            name=stack_name_of(self),
            dashboard_name=chosen_dashboard_name(self, dashboard_name),
            connections=watched,
            devices=self._metrics,
            alarms=self.alarms,
            logs=self.logs,
            timing=timing,
        )
        self.dashboard_name: str = dashboard.dashboard_name
        """Name of the dashboard."""

    @property
    def dashboard_url(self) -> str:
        """URL of the dashboard in the AWS console."""
        return console_address(self.dashboard_name)

    def _publish(
        self, devices: Sequence[CgwInstance], retention: logs.RetentionDays, encryption_key: kms.IKey | None
    ) -> list[DeviceMetrics]:
        if not devices:
            return []
        group_name = as_log_name(f"/cgw/{self.name}")
        group = make_log_group(
            self,
            "DeviceMetrics",
            name=group_name,
            why_no_key=WHY_NO_KEY,
            retention=retention,
            encryption_key=encryption_key,
        )
        published = []
        for device in devices:
            path = path_in_stack(device)
            stream_name = as_log_name(path)
            # created here, so that the device needs no permission to create it
            stream = logs.CfnLogStream(
                self, f"{path} Stream", log_group_name=group.log_group_name, log_stream_name=stream_name
            )
            # literal names: a reference would have to count as the longest possible name in the device's user-data
            config = MetricsConfig(
                log_group=group_name, log_stream=stream_name, device=as_log_name(name_in_region(device))
            )
            publish_metrics(device.boot, config, start_after=stream)
            published.append(DeviceMetrics(device, config))
        return published


def _numbers(connection: BaseVpnConnection, devices: Sequence[CgwInstance]) -> tuple[int, ...]:
    """The tunnels in use: those that a device terminates, or both if no device here terminates the connection."""
    found = {number for each in devices if each.connection is connection for number in each.tunnel_numbers}
    return tuple(sorted(found)) or (1, 2)


def _check_watched(prop: str, watched: Sequence[object], *kinds: type, least: int) -> None:
    allowed = f"a list of {kinds[0].__name__} without duplicates"
    if isinstance(watched, str) or not isinstance(watched, Sequence) or len(watched) < least:
        raise VpnConfigurationError(prop, watched, allowed, "write it like [vpn]")
    for each in watched:
        check_instance(prop, each, kinds, "pass the construct itself")
    if len({id(each) for each in watched}) < len(watched):
        raise VpnConfigurationError(prop, "the same one twice", allowed, "list each once")


def _check_direction(connection: BaseVpnConnection, scope: Construct) -> None:
    """Check that the stacks would not depend on each other: a gateway's stack comes before those that use it."""
    origin = home_of(connection.gateway.gateway_id) if isinstance(connection, VpnConnection) else None
    if origin is None or is_in_stack(connection, scope) or not is_in_stack(origin, scope):
        return
    raise VpnConfigurationError(
        "connections",
        connection.node.path,
        "one in a stack that does not use the gateway of this stack: the two would depend on each other",
        "create the monitoring construct in the stack of the connection, or in a stack of its own",
    )


def _check_device(device: CgwInstance, connections: Sequence[BaseVpnConnection]) -> None:
    if not any(device.connection is connection for connection in connections):
        raise VpnConfigurationError(
            "devices",
            device.node.path,
            "devices that terminate one of the connections",
            "call connect(connection) first, and list that connection too",
        )


def _check_options(
    topic: object, timing: object, log_retention: object, log_encryption_key: object, dashboard_name: object
) -> None:
    check_topic(topic)
    check_dashboard_name(dashboard_name)
    if timing is not None:
        check_instance("timing", timing, AlarmTiming, "wrap the values: AlarmTiming(…)")
    check_instance("log_retention", log_retention, logs.RetentionDays, "write it like RetentionDays.ONE_MONTH")
    if log_encryption_key is not None:
        remedy = "use Key.from_key_arn(…)"
        check_construct(
            "log_encryption_key",
            log_encryption_key,
            attribute="grant_encrypt_decrypt",
            allowed="a kms.IKey",
            remedy=remedy,
        )
