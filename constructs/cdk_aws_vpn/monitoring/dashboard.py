"""One page on which a person sees how connections and devices are, and have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.device_metrics import DeviceMetrics
from cdk_aws_vpn.monitoring.tunnel_logs import WHY_DOWN, WITHDRAWN, TunnelLogs

__all__ = ["VpnDashboard", "graph"]

WIDTH = 24
_EXPLANATION = """\
# {name}
**Alarms** below are red while something is wrong. **Tunnel state**: 1 is up, 0 is down; on a BGP connection up means \
that the session is established. **Bytes** are as AWS counts them: *in* is towards AWS."""
_UP_OR_DOWN = cloudwatch.YAxisProps(min=0, max=1.2, show_units=False)
FROM_ZERO = cloudwatch.YAxisProps(min=0)

Watched = Mapping[str, tuple[VpnConnection, Sequence[int]]]


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
            widgets=rows,
        )
        self.dashboard_name: str = dashboard.dashboard_name

    def _connection_rows(self, connections: Watched) -> list[list[cloudwatch.IWidget]]:
        tunnels = [
            (f"{title} tunnel {number}", vpn.tunnels[number - 1])
            for title, (vpn, numbers) in connections.items()
            for number in numbers
        ]
        states = [_named(name, tunnel.metric_state(period=self._period)) for name, tunnel in tunnels]
        now = cloudwatch.SingleValueWidget(title="Tunnels now: 1 is up", metrics=states, width=8, height=6)
        over_time = graph("Tunnel state", states, width=WIDTH - 8, axis=_UP_OR_DOWN)
        return [[now, over_time], [self._bytes("in", tunnels), self._bytes("out", tunnels)]]

    def _bytes(self, direction: str, tunnels: Sequence[tuple[str, VpnTunnel]]) -> cloudwatch.GraphWidget:
        metrics = [
            _named(name, getattr(tunnel, f"metric_data_{direction}")(period=self._period)) for name, tunnel in tunnels
        ]
        where = "towards AWS" if direction == "in" else "from AWS"
        return graph(f"Bytes {direction}, {where}: which tunnel carries the traffic", metrics, width=12, stacked=True)

    def _log_row(self, logs: TunnelLogs) -> list[cloudwatch.IWidget]:
        shown = [("What ended tunnels", WHY_DOWN, logs.groups("ike"))]
        if logs.groups("bgp"):
            shown.append(("Routes withdrawn, sessions lost", WITHDRAWN, logs.groups("bgp")))
        return [
            cloudwatch.LogQueryWidget(
                title=title, log_group_names=groups, query_string=query, width=WIDTH // len(shown), height=6
            )
            for title, query, groups in shown
        ]


def _device_rows(devices: Sequence[DeviceMetrics]) -> list[list[cloudwatch.IWidget]]:
    if not devices:
        return []
    probed = [each for each in devices if each.device.is_probed]
    spoken = [each for each in devices if each.device.uses_bgp]
    paired = [each for each in devices if each.device.is_paired]
    graphs = [("Device healthy: 1 is well", _of_each(devices, "healthy"), _UP_OR_DOWN)]
    if paired:
        graphs.append(("Which device carries the traffic: 1 does", _of_each(paired, "master"), _UP_OR_DOWN))
    if probed:
        graphs.append(("Far end answers pings: 1 does", _of_tunnels(probed, "probe_alive"), _UP_OR_DOWN))
    if spoken:
        graphs.append(("BGP routes from AWS", _of_tunnels(spoken, "bgp_routes"), FROM_ZERO))
        graphs.append(("BGP sessions established", _of_each(spoken, "bgp_sessions"), FROM_ZERO))
        graphs.append(("Tunnels left by the device", _of_each(spoken, "tunnels_left"), FROM_ZERO))
    graphs.append(("Packets dropped by the device", _of_each(devices, "packets_dropped"), FROM_ZERO))
    widgets = [graph(title, metrics, width=8, axis=axis) for title, metrics, axis in graphs]
    return [list(widgets[start : start + 3]) for start in range(0, len(widgets), 3)]


def _of_each(devices: Sequence[DeviceMetrics], metric: str) -> list[cloudwatch.Metric]:
    return [_named(each.device.name, getattr(each, metric)) for each in devices]


def _of_tunnels(devices: Sequence[DeviceMetrics], metric: str) -> list[cloudwatch.Metric]:
    return [
        _named(f"{each.device.name} tunnel {number}", getattr(each, metric)(number))
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
    """Draw metrics over time."""
    return cloudwatch.GraphWidget(
        title=title, left=list(metrics), left_y_axis=axis, width=width, height=6, stacked=stacked
    )


def _named(name: str, metric: cloudwatch.Metric) -> cloudwatch.Metric:
    return metric.with_(label=name)
