"""The metrics that a customer gateway device publishes about itself, once a minute."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.configuration import MetricsConfig

PERIOD = Duration.minutes(1)


class DeviceMetrics:
    """The metrics of one device. ``assets/cgw/device/cgw_device/metrics.py`` publishes them under these names."""

    def __init__(self, device: CgwInstance, config: MetricsConfig) -> None:
        self.device = device
        self._config = config

    def healthy(self) -> cloudwatch.Metric:
        """1 while the boot, services, tunnels, probes and BGP sessions are all in order, otherwise 0."""
        return self._metric("Healthy", "Minimum")

    def master(self) -> cloudwatch.Metric:
        """1 on the master of a pair, 0 on the backup."""
        return self._metric("Master", "Maximum")

    def packets_dropped(self) -> cloudwatch.Metric:
        """Packets that the device dropped or could not decrypt."""
        return self._metric("PacketsDropped", "Sum")

    def bgp_sessions(self) -> cloudwatch.Metric:
        """Number of established BGP sessions."""
        return self._metric("BgpSessions", "Minimum")

    def tunnels_left(self) -> cloudwatch.Metric:
        """Number of tunnels that the device has moved traffic off because its probes went unanswered."""
        return self._metric("TunnelsLeft", "Maximum")

    def probe_alive(self, number: int) -> cloudwatch.Metric:
        """1 while AWS's end of a tunnel answers the device's pings, 0 while it does not."""
        return self._metric("ProbeAlive", "Minimum", number)

    def bgp_routes(self, number: int) -> cloudwatch.Metric:
        """Number of routes that AWS announces over a tunnel."""
        return self._metric("BgpRoutes", "Minimum", number)

    def _metric(self, name: str, statistic: str, tunnel: int | None = None) -> cloudwatch.Metric:
        # no label: the CDK would write an alarm on a labelled metric as a metric math expression
        return cloudwatch.Metric(
            namespace=self._config.namespace,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"Device": self._config.device} | ({"Tunnel": str(tunnel)} if tunnel else {}),
            period=PERIOD,
        )
