"""One of the two tunnels of a VPN connection, as other constructs see it."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.checks.addressing import inside_addresses
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions

__all__ = ["VpnTunnel", "tunnel_metric"]


def tunnel_metric(
    metric_name: str, statistic: str, dimensions: dict[str, str], period: Duration | None
) -> cloudwatch.Metric:
    """Return a metric of the namespace ``AWS/VPN``."""
    return cloudwatch.Metric(
        namespace="AWS/VPN",
        metric_name=metric_name,
        statistic=statistic,
        dimensions_map=dimensions,
        period=period or Duration.minutes(5),
    )


class VpnTunnel:
    """One tunnel: its addresses, its effective options, its key and its metrics.

    Attributes:
        number: 1 or 2.
        options: The options in force, with the profile's algorithms filled in.
        inside_cidr: The /30 of 169.254.0.0/16 that both ends have their inside addresses from.
        amazon_inside_address: Amazon's inside address, the first one of ``inside_cidr``.
        customer_gateway_inside_address: The device's inside address, the second one of ``inside_cidr``.
        pre_shared_key: The secret with the key; None when the device proves itself with a certificate.
    """

    def __init__(
        self,
        *,
        number: int,
        options: TunnelOptions,
        inside_cidr: str,
        pre_shared_key: secretsmanager.ISecret | None,
        outside_address: Callable[[], str],
        vpn_connection_id: Callable[[], str],
    ) -> None:
        self.number = number
        self.options = options
        self.inside_cidr = inside_cidr
        self.amazon_inside_address, self.customer_gateway_inside_address = inside_addresses(inside_cidr)
        self.pre_shared_key = pre_shared_key
        self._outside_address = outside_address
        self._vpn_connection_id = vpn_connection_id

    @property
    def outside_address(self) -> str:
        """Public address of Amazon's end, known at deployment. The first use adds the look-up to the stack."""
        return self._outside_address()

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
        dimensions = {"VpnId": self._vpn_connection_id(), "TunnelIpAddress": self.outside_address}
        return tunnel_metric(name, statistic, dimensions, period)
