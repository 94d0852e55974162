"""What CloudWatch knows of a connection and of its tunnels, whether the stack creates them or not."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions
from cdk_aws_vpn.foundation.metrics import check_period, check_statistic


def tunnel_metric(
    metric_name: str, statistic: str, dimensions: dict[str, str], period: Duration | None
) -> cloudwatch.Metric:
    """Return a metric of the namespace ``AWS/VPN``.

    Raises:
        VpnConfigurationError: CloudWatch has no such statistic or period.
    """
    check_statistic(statistic)
    check_period(period)
    return cloudwatch.Metric(
        namespace="AWS/VPN",
        metric_name=metric_name,
        statistic=statistic,
        dimensions_map=dimensions,
        period=period or Duration.minutes(5),
    )


class WatchedTunnel:
    """One tunnel of a connection, new or existing, and its metrics.

    Attributes:
        number: 1 or 2.
    """

    number: int

    def __init__(self, *, number: int, vpn_connection_id: str) -> None:
        self.number = number
        self._vpn_connection_id = vpn_connection_id

    @property
    def outside_address(self) -> str:
        """Public address of Amazon's end."""
        raise NotImplementedError

    @property
    def description(self) -> str:
        """What a reader knows the tunnel by, besides its number."""
        return f"outside address {self.outside_address}"

    def metric_state(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelState``: 1 while the tunnel is up, 0 while it is down; the minimum over a period.

        Args:
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelState", "Minimum", period)

    def metric_data_in(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelDataIn``: the sum of bytes that Amazon received through the tunnel.

        Args:
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelDataIn", "Sum", period)

    def metric_data_out(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelDataOut``: the sum of bytes that Amazon sent through the tunnel.

        Args:
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelDataOut", "Sum", period)

    def _metric(self, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        # AWS publishes a tunnel's metrics under both dimensions together; under the address alone there is nothing
        dimensions = {"VpnId": self._vpn_connection_id, "TunnelIpAddress": self.outside_address}
        return tunnel_metric(name, statistic, dimensions, period)


class BaseVpnConnection(Construct):
    """What new and existing connections have in common."""

    vpn_connection_id: str
    """Id of the connection, ``vpn-…``."""

    tunnels: tuple[WatchedTunnel, ...]
    """Tunnels 1 and 2; none if their addresses are not known."""

    @property
    def log_options(self) -> tuple[TunnelLogOptions, ...]:
        """Where the tunnels write their logs, as far as known."""
        raise NotImplementedError

    def metric_tunnel_state(self, *, statistic: str = "Minimum", period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelState`` over both tunnels: Minimum below 1 is redundancy lost, Maximum 0 is an outage.

        Args:
            statistic: Statistic over the period, such as ``Minimum`` or ``Maximum``. Default: Minimum.
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelState", statistic, period)

    def metric_tunnel_data_in(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelDataIn``: the sum of bytes that Amazon received through both tunnels.

        Args:
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelDataIn", "Sum", period)

    def metric_tunnel_data_out(self, *, period: Duration | None = None) -> cloudwatch.Metric:
        """``TunnelDataOut``: the sum of bytes that Amazon sent through both tunnels.

        Args:
            period: Length of a period. Default: 5 minutes.
        """
        return self._metric("TunnelDataOut", "Sum", period)

    def _metric(self, name: str, statistic: str, period: Duration | None) -> cloudwatch.Metric:
        return tunnel_metric(name, statistic, {"VpnId": self.vpn_connection_id}, period)
