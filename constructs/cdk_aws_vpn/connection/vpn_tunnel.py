"""One of the two tunnels of a VPN connection, as other constructs see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.checks.arguments import check_instance
from cdk_aws_vpn.connection.inside_network import InsideNetwork
from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.connection.one_dh_group import with_one_dh_group
from cdk_aws_vpn.connection.tunnel_endpoints import EndpointLookup
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions, TunnelOptions
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


class VpnTunnel:
    """One tunnel: its addresses, its effective options, its key and its metrics.

    Attributes:
        number: 1 or 2.
        options: The options as the caller wrote them, with an inside CIDR block chosen if there was none.
        negotiation: What the tunnel negotiates: the options, completed by the security profile.
        inside: The network inside the tunnel, with AWS's address and the device's.
        pre_shared_key: The secret with the key; None when the device proves itself with a certificate.
    """

    def __init__(
        self,
        *,
        number: int,
        options: TunnelOptions,
        negotiation: Negotiation,
        pre_shared_key: secretsmanager.ISecret | None,
        vpn_connection_id: str,
        endpoints: EndpointLookup,
        changed: Callable[[], None],
    ) -> None:
        self.number = number
        self.options = options
        self.negotiation = negotiation
        self.inside = InsideNetwork(str(options.inside_cidr))
        self.pre_shared_key = pre_shared_key
        self._vpn_connection_id = vpn_connection_id
        self._endpoints = endpoints
        self._changed = changed

    @property
    def inside_cidr(self) -> str:
        """The /30 inside the tunnel."""
        return self.inside.cidr

    @property
    def outside_address(self) -> str:
        """Public address of Amazon's end, known at deployment. The first use adds the look-up to the stack."""
        return self._endpoints.outside_addresses[self.number - 1]

    def log_to(self, log_options: TunnelLogOptions) -> None:
        """Take log options, unless the tunnel has its own.

        Args:
            log_options: The log groups of the tunnel.

        Raises:
            VpnConfigurationError: ``log_options`` is not a :class:`TunnelLogOptions`.
        """
        check_instance("log_options", log_options, TunnelLogOptions, "wrap the values: TunnelLogOptions(…)")
        if self.options.log_options is None:
            self.options = replace(self.options, log_options=log_options)
            self._changed()

    def use_one_dh_group(self) -> None:
        """Allow one Diffie-Hellman group, the same in both phases, as libreswan on a :class:`CgwInstance` needs.

        A list that was left out is narrowed: to group 20, or to 14 with a security profile that allows IKEv1.

        Raises:
            TunnelOptionsError: The options name several groups, or another one in each phase.
        """
        self.negotiation = with_one_dh_group(self.options, self.negotiation)
        self._changed()

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


def make_tunnels(
    options: Sequence[TunnelOptions],
    negotiations: Sequence[Negotiation],
    keys: Sequence[secretsmanager.ISecret | None],
    vpn_connection_id: str,
    endpoints: EndpointLookup,
    *,
    changed: Callable[[], None],
) -> tuple[VpnTunnel, VpnTunnel]:
    """Return tunnels 1 and 2 of a connection; each list has one element per tunnel.

    ``changed`` is called when what a tunnel specifies has changed.
    """
    first, second = (
        VpnTunnel(
            number=number,
            options=chosen,
            negotiation=negotiation,
            pre_shared_key=key,
            vpn_connection_id=vpn_connection_id,
            endpoints=endpoints,
            changed=changed,
        )
        for number, chosen, negotiation, key in zip((1, 2), options, negotiations, keys, strict=True)
    )
    return first, second
