"""A dashboard with the current and past state of connections and devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_aws_vpn.connection.watched import BaseVpnConnection
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.device_metrics import DeviceMetrics
from cdk_aws_vpn.monitoring.tunnel_logs import WHY_DOWN, WITHDRAWN, TunnelLogs

WIDTH = 24
_EXPLANATION = """\
# {name}
The **alarms** below are red while something is wrong. **Tunnel state**: 1 is up, 0 is down; on a BGP connection, up \
means that the BGP session is established. **Bytes** are counted by AWS: *in* is towards AWS."""
_UP_OR_DOWN = cloudwatch.YAxisProps(min=0, max=1.2, show_units=False)
FROM_ZERO = cloudwatch.YAxisProps(min=0)

Watched = Mapping[str, tuple[BaseVpnConnection, Sequence[int]]]


class VpnDashboard(Construct):
    """The dashboard of one :class:`~cdk_aws_vpn.VpnMonitoring`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        dashboard_name: str | None,
        connections: Watched,
        devices: Sequence[DeviceMetrics],
        alarms: Sequence[cloudwatch.IAlarm],
        logs: TunnelLogs,
        timing: AlarmTiming,
    ) -> None:
        super().__init__(scope, construct_id)
        self._period = timing.period
        rows: list[list[cloudwatch.IWidget]] = [
            [cloudwatch.TextWidget(markdown=_EXPLANATION.format(name=name), width=WIDTH, height=3)],
            [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=WIDTH, height=4)],
            *self._connection_rows(connections),
            *_device_rows(devices),
            self._log_row(logs),
        ]
        dashboard = cloudwatch.Dashboard(
            self,
            "Resource",
            dashboard_name=dashboard_name,
            default_interval=Duration.hours(3),
            widgets=[row for row in rows if row],
        )
        self.dashboard_name: str = dashboard.dashboard_name

    def _connection_rows(self, connections: Watched) -> list[list[cloudwatch.IWidget]]:
        tunnels = [
            (f"{title} tunnel {tunnel.number}", tunnel)
            for title, (vpn, numbers) in connections.items()
            for tunnel in vpn.tunnels
            if tunnel.number in numbers
        ]
        whole = [(title, vpn) for title, (vpn, _) in connections.items() if not vpn.tunnels]
        states = [
            *(_named(name, tunnel.metric_state(period=self._period)) for name, tunnel in tunnels),
            *(_named(name, vpn.metric_tunnel_state(period=self._period)) for name, vpn in whole),
        ]
        now = cloudwatch.SingleValueWidget(title="Tunnels now (1 = up)", metrics=states, width=8, height=6)
        over_time = graph("Tunnel state over time (1 = up)", states, width=WIDTH - 8, axis=_UP_OR_DOWN)
        bytes_in = [
            *(_named(name, tunnel.metric_data_in(period=self._period)) for name, tunnel in tunnels),
            *(_named(name, vpn.metric_tunnel_data_in(period=self._period)) for name, vpn in whole),
        ]
        bytes_out = [
            *(_named(name, tunnel.metric_data_out(period=self._period)) for name, tunnel in tunnels),
            *(_named(name, vpn.metric_tunnel_data_out(period=self._period)) for name, vpn in whole),
        ]
        return [[now, over_time], [_bytes("in (towards AWS)", bytes_in), _bytes("out (from AWS)", bytes_out)]]

    def _log_row(self, logs: TunnelLogs) -> list[cloudwatch.IWidget]:
        questions = (
            ("Why tunnels went down", WHY_DOWN, logs.groups("ike")),
            ("Withdrawn routes and lost BGP sessions", WITHDRAWN, logs.groups("bgp")),
        )
        shown = [question for question in questions if question[-1]]
        return [
            cloudwatch.LogQueryWidget(
                title=title, log_group_names=groups, query_string=query, width=WIDTH // len(shown), height=6
            )
            for title, query, groups in shown
        ]


def _bytes(direction: str, metrics: Sequence[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return graph(f"Bytes {direction} per tunnel", metrics, width=12, stacked=True)


def _device_rows(devices: Sequence[DeviceMetrics]) -> list[list[cloudwatch.IWidget]]:
    if not devices:
        return []
    probed = [each for each in devices if each.device.is_probed]
    spoken = [each for each in devices if each.device.uses_bgp]
    paired = [each for each in devices if each.device.is_paired]
    graphs = [("Device health (1 = healthy)", _of_each(devices, DeviceMetrics.healthy), _UP_OR_DOWN)]
    if paired:
        graphs.append(
            ("Device that carries the traffic (1 = master)", _of_each(paired, DeviceMetrics.master), _UP_OR_DOWN)
        )
    if probed:
        graphs.append(("Tunnel probes (1 = AWS answers)", _of_tunnels(probed, DeviceMetrics.probe_alive), _UP_OR_DOWN))
    if spoken:
        graphs.append(("BGP routes received from AWS", _of_tunnels(spoken, DeviceMetrics.bgp_routes), FROM_ZERO))
        graphs.append(("BGP sessions established", _of_each(spoken, DeviceMetrics.bgp_sessions), FROM_ZERO))
        graphs.append(
            ("Tunnels the device has moved traffic off", _of_each(spoken, DeviceMetrics.tunnels_left), FROM_ZERO)
        )
    graphs.append(("Packets dropped by the device", _of_each(devices, DeviceMetrics.packets_dropped), FROM_ZERO))
    widgets = [graph(title, metrics, width=8, axis=axis) for title, metrics, axis in graphs]
    return [list(widgets[start : start + 3]) for start in range(0, len(widgets), 3)]


def _of_each(
    devices: Sequence[DeviceMetrics], metric: Callable[[DeviceMetrics], cloudwatch.Metric]
) -> list[cloudwatch.Metric]:
    return [_named(each.device.name, metric(each)) for each in devices]


def _of_tunnels(
    devices: Sequence[DeviceMetrics], metric: Callable[[DeviceMetrics, int], cloudwatch.Metric]
) -> list[cloudwatch.Metric]:
    return [
        _named(f"{each.device.name} tunnel {number}", metric(each, number))
        for each in devices
        for number in each.device.tunnel_numbers
    ]


def graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    *,
    width: int,
    axis: cloudwatch.YAxisProps = FROM_ZERO,
    stacked: bool = False,
) -> cloudwatch.GraphWidget:
    """Return a widget that draws metrics over time."""
    return cloudwatch.GraphWidget(
        title=title, left=list(metrics), left_y_axis=axis, width=width, height=6, stacked=stacked
    )


def _named(name: str, metric: cloudwatch.Metric) -> cloudwatch.Metric:
    return metric.with_(label=name)
