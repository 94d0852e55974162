"""What a new and an existing Client VPN endpoint have in common."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct, check_resource_id
from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.client_vpn.checks import check_client_cidr
from cdk_aws_vpn.foundation.metrics import check_period, check_statistic


class BaseClientVpn(Construct):
    """A Client VPN endpoint, new or existing."""

    endpoint_id: str
    """Id of the endpoint, ``cvpn-endpoint-…``."""

    client_cidr: str | None
    """Network that clients get their addresses from; None when it is not known."""

    log_group: logs.ILogGroup | None
    """Log group of the connection log; None when it is not known."""

    @property
    def dns_name(self) -> str:
        """DNS name of the endpoint. Clients put a random label and a dot in front of it."""
        return f"{self.endpoint_id}.prod.clientvpn.{Aws.REGION}.{Aws.URL_SUFFIX}"

    def metric(self, name: str, *, statistic: str = "Maximum", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the endpoint, for an alarm or a dashboard.

        Args:
            name: AWS's name: ``ActiveConnectionsCount``, ``AuthenticationFailures``, ``CrlDaysToExpiry`` …
            statistic: Statistic over the period. Default: Maximum.
            period: Length of a period. Default: 5 minutes.

        Raises:
            VpnConfigurationError: The name is not a text, or CloudWatch has no such statistic or period.
        """
        check_text("name", name)
        check_statistic(statistic)
        check_period(period)
        return cloudwatch.Metric(
            namespace="AWS/ClientVPN",
            metric_name=name,
            dimensions_map={"Endpoint": self.endpoint_id},
            statistic=statistic,
            period=period or Duration.minutes(5),
        )


class ExistingClientVpn(BaseClientVpn):
    """An endpoint that was created elsewhere; see :meth:`ClientVpn.from_id`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        endpoint_id: str,
        *,
        client_cidr: str | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        check_resource_id("endpoint_id", endpoint_id, "cvpn-endpoint-")
        if client_cidr is not None:
            check_client_cidr(client_cidr, [])
        if log_group is not None:
            remedy = "name an existing one with logs.LogGroup.from_log_group_name(…)"
            check_construct("log_group", log_group, attribute="grant_write", allowed="a logs.ILogGroup", remedy=remedy)
        super().__init__(scope, construct_id)
        self.endpoint_id = endpoint_id
        self.client_cidr = client_cidr
        self.log_group = log_group
