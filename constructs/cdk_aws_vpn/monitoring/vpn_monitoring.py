"""Monitoring of VPN connections and devices: alarms, a dashboard, logs and what AWS announces."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct, check_instance
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.device.boot import publish_metrics
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.configuration import MetricsConfig
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.log_groups import make_log_group
from cdk_aws_vpn.foundation.names import name_in_region, path_in_stack
from cdk_aws_vpn.foundation.places import stack_name_of
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.alarms import VpnAlarms
from cdk_aws_vpn.monitoring.dashboard import VpnDashboard
from cdk_aws_vpn.monitoring.device_metrics import DeviceMetrics
from cdk_aws_vpn.monitoring.health_events import VpnHealthEvents
from cdk_aws_vpn.monitoring.options import (
    WHY_NO_KEY,
    check_dashboard_name,
    check_stack,
    check_topic,
    check_unwatched,
    console_address,
    default_dashboard_name,
)
from cdk_aws_vpn.monitoring.tunnel_logs import TunnelLogs

__all__ = ["VpnMonitoring"]


class VpnMonitoring(Construct):
    """Watches connections, and the devices that end them if they are :class:`~cdk_aws_vpn.CgwInstance`.

    Each connection gets an alarm for an outage (no tunnel is up) and one for lost redundancy (one is down), each tunnel
    one of its own; a tunnel without data counts as down. Tunnels write IKE and BGP logs as JSON, with saved Logs
    Insights queries. Each device publishes its health by its log stream (CloudWatch embedded metric format) and gets
    alarms. A dashboard shows all of it. AWS Health's announcements about the connections go to a log group and the
    topic. ``docs/monitoring.md`` says what each alarm means and what to do.

    Write it behind everything that it watches: a device needs its connection first.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        connections: One or more connections of the same stack.
        devices: Devices that end them. Default: none, as with a device of your own; a tunnel that none of these sets up
            is not watched.
        topic: Who is told of alarms, of their end and of AWS's announcements. Make it with encryption and
            ``enforce_ssl``; if it is encrypted, its key must admit ``cloudwatch.amazonaws.com`` and
            ``events.amazonaws.com``. Default: nobody.
        timing: When a state of a connection is an alarm. Default: 2 of 3 periods of 5 minutes.
        log_retention: How long logs are kept. Default: one month.
        log_encryption_key: KMS key of the log groups; CloudWatch Logs is granted its use. Default: a key of AWS's.
        dashboard_name: 1 to 255 letters, digits, hyphens and underscores. Default: stack and construct id.

    Raises:
        VpnConfigurationError: Something to watch is missing, twice there or of another kind.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        connections: Sequence[VpnConnection],
        devices: Sequence[CgwInstance] = (),
        topic: sns.ITopic | None = None,
        timing: AlarmTiming | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        log_encryption_key: kms.IKey | None = None,
        dashboard_name: str | None = None,
    ) -> None:
        _check_watched("connections", connections, VpnConnection, least=1)
        _check_watched("devices", devices, CgwInstance, least=0)
        for connection in connections:
            check_stack("connections", connection, scope)
            check_unwatched("connections", connection)
        for device in devices:
            check_stack("devices", device, scope)
            _check_device(device, connections)
        _check_options(topic, timing, log_retention, log_encryption_key, dashboard_name)
        super().__init__(scope, construct_id)
        timing = timing or AlarmTiming()
        for connection in connections:
            connection.is_watched = True
        self.name = name_in_region(self)
        """What the names of alarms, log groups and queries begin with."""
        watched = {path_in_stack(each): (each, _numbers(each, devices)) for each in connections}
        self.logs = TunnelLogs(
            self,
            "Logs",
            name=self.name,
            connections=connections,
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
            connection_ids=[each.vpn_connection_id for each in connections],
            topic=topic,
            retention=log_retention,
            encryption_key=log_encryption_key,
        )
        """AWS's announcements about the connections."""
        self.alarms = tuple(self._alarms.alarms)
        """All alarms."""
        dashboard = VpnDashboard(
            self,
            "Dashboard",
            name=stack_name_of(self),
            dashboard_name=dashboard_name or default_dashboard_name(self),
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
        """Address of the dashboard in the console."""
        return console_address(self.dashboard_name)

    def _publish(
        self, devices: Sequence[CgwInstance], retention: logs.RetentionDays, encryption_key: kms.IKey | None
    ) -> list[DeviceMetrics]:
        if not devices:
            return []
        group_name = f"/cgw/{self.name}"
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
            # made here, so that the device needs no permission to make one
            stream = logs.CfnLogStream(
                self, f"{path} Stream", log_group_name=group.log_group_name, log_stream_name=path
            )
            # names and not references, which would take the room of the longest name in the device's user-data
            config = MetricsConfig(log_group=group_name, log_stream=path, device=name_in_region(device))
            publish_metrics(device.boot, config, start_after=stream)
            published.append(DeviceMetrics(device, config))
        return published


def _numbers(connection: VpnConnection, devices: Sequence[CgwInstance]) -> tuple[int, ...]:
    """The tunnels in use: those that a device sets up, or both of a connection that ends elsewhere."""
    found = {number for each in devices if each.connection is connection for number in each.tunnel_numbers}
    return tuple(sorted(found)) or (1, 2)


def _check_watched(prop: str, watched: Sequence[object], kind: type, *, least: int) -> None:
    allowed = f"a list of {kind.__name__}, each once"
    if isinstance(watched, str) or not isinstance(watched, Sequence) or len(watched) < least:
        raise VpnConfigurationError(prop, watched, allowed, "write it like [vpn]")
    for each in watched:
        check_instance(prop, each, kind, "pass the construct itself")
    if len({id(each) for each in watched}) < len(watched):
        raise VpnConfigurationError(prop, "one of them twice", allowed, "name each once")


def _check_device(device: CgwInstance, connections: Sequence[VpnConnection]) -> None:
    if not any(device.connection is connection for connection in connections):
        raise VpnConfigurationError(
            "devices",
            device.node.path,
            "devices that end one of the connections",
            "call connect(connection) first, and name that connection too",
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
        wanted = {"allowed": "a kms.IKey", "remedy": "use Key.from_key_arn(…)"}
        check_construct("log_encryption_key", log_encryption_key, attribute="key_arn", **wanted)
