"""Monitoring of a Client VPN endpoint: alarms, saved queries and a dashboard."""

from __future__ import annotations

from ipaddress import IPv4Network

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_flag, check_instance, check_whole_number
from cdk_aws_vpn.checks.tokens import is_token, stand_in
from cdk_aws_vpn.client_vpn.client_vpn import ClientVpn
from cdk_aws_vpn.client_vpn.endpoint import BaseClientVpn, ExistingClientVpn
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.names import name_in_region, name_seen_from, shortened
from cdk_aws_vpn.foundation.places import stack_name_of
from cdk_aws_vpn.monitoring.alarms import VpnAlarms
from cdk_aws_vpn.monitoring.dashboard import WIDTH, graph
from cdk_aws_vpn.monitoring.options import (
    check_dashboard_name,
    check_environment,
    check_topic,
    chosen_dashboard_name,
    claim_watched,
    console_address,
)
from cdk_aws_vpn.monitoring.tunnel_logs import QUERY_NAME_LENGTH

# The fields are those of "Connection logging" in the Client VPN guide. Refused certificates are not in the log.
CONNECTED = """\
fields @timestamp, `common-name`, username, `device-ip`, `client-ip`, `connection-start-time`, `connection-end-time`, \
`ingress-bytes`, `egress-bytes`
| filter `connection-attempt-status` = "successful" or `connection-log-type` = "connection-reset"
| sort @timestamp desc
| limit 100"""
FAILED = """\
fields @timestamp, `common-name`, username, `device-ip`, `connection-attempt-failure-reason`
| filter `connection-attempt-status` = "failed"
| sort @timestamp desc
| limit 100"""
QUESTIONS = {"who was connected": CONNECTED, "which attempts failed": FAILED}
_EXPLANATION = """\
# {name}
The **alarms** below are red while something is wrong. **In** is traffic from clients to AWS, **out** is traffic to \
clients. Once the revocation list has expired, no client can connect."""
# AWS reserves one address for each client address, to move clients between associations.
ADDRESSES_PER_CLIENT = 2
FULL = 0.8
_ANY_CLIENT_CIDR = "10.70.0.0/22"


class ClientVpnMonitoring(Construct):
    """Monitors a Client VPN endpoint.

    It creates alarms (the revocation list expires soon, clients are refused, the endpoint is nearly full), two saved
    Logs Insights queries on the connection log, and a dashboard. ``docs/monitoring.md`` says what each alarm means and
    what to do.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        client_vpn: The endpoint, of any stack of the same account and Region, or an existing one
            (:meth:`ClientVpn.from_id`).
        topic: SNS topic that is notified when an alarm is raised and when it clears. Encrypt it and set
            ``enforce_ssl``; the policy of its key must allow ``cloudwatch.amazonaws.com``. Default: no notification.
        authentication_failures: Number of refused clients within five minutes that raises the alarm, 1 to 10000.
            Default: 10.
        most_connections: Number of connected clients that raises the alarm, 1 to 126000 (the most that AWS allows per
            endpoint). Default: four fifths of the clients that ``client_cidr`` has room for, which by the rules of
            Client VPN is half of its addresses. Required if ``client_cidr`` is not known.
        revocation_list_days: Days before the revocation list expires at which the alarm is raised, 1 to 365. Default:
            14. An endpoint without a list has no such metric, and raises no alarm unless a list is required.
        revocation_list_required: Whether an endpoint without a revocation list raises the alarm, after 15 minutes: a
            new or replaced endpoint has none and admits everyone who was revoked. Import a list, even an empty one,
            after the deployment (``vpn-ops client-vpn sync``). Default: ``False``.
        dashboard_name: 1 to 255 letters, digits, hyphens and underscores. Default: stack name,
            construct id and Region, because a dashboard belongs to the account.

    Raises:
        VpnConfigurationError: An option has the wrong type, or a number is out of range.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        client_vpn: BaseClientVpn,
        topic: sns.ITopic | None = None,
        authentication_failures: int = 10,
        most_connections: int | None = None,
        revocation_list_days: int = 14,
        revocation_list_required: bool = False,
        dashboard_name: str | None = None,
    ) -> None:
        remedy = "pass the construct itself, or ClientVpn.from_id(…)"
        check_instance("client_vpn", client_vpn, (ClientVpn, ExistingClientVpn), remedy)
        check_environment("client_vpn", client_vpn, scope)
        check_topic(topic)
        check_dashboard_name(dashboard_name)
        check_whole_number("authentication_failures", authentication_failures, 1, 10000)
        check_whole_number("revocation_list_days", revocation_list_days, 1, 365)
        check_flag("revocation_list_required", revocation_list_required)
        if most_connections is None:
            most_connections = _nearly_all(client_vpn.client_cidr)
        check_whole_number("most_connections", most_connections, 1, 126000)
        super().__init__(scope, construct_id)
        claim_watched("client_vpn", self, client_vpn, client_vpn.endpoint_id)
        stack = stack_name_of(self)
        self.name = name_in_region(self)
        """Prefix of the query names."""
        self._groups = [client_vpn.log_group.log_group_name] if client_vpn.log_group is not None else []
        for question, query in QUESTIONS.items() if self._groups else ():
            logs.CfnQueryDefinition(
                self,
                question,
                name=shortened(f"{self.name}/{question}", QUERY_NAME_LENGTH),
                query_string=query,
                log_group_names=self._groups,
            )
        alarms = VpnAlarms(self, "Alarms", name=stack, topic=topic)
        alarms.watch_clients(
            name_seen_from(self, client_vpn),
            client_vpn,
            failures=authentication_failures,
            connections=most_connections,
            revocation_list_days=revocation_list_days,
            revocation_list_required=revocation_list_required,
        )
        self.alarms = tuple(alarms.alarms)
        """All alarms."""
        dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=chosen_dashboard_name(self, dashboard_name),
            default_interval=Duration.hours(3),
            widgets=self._rows(client_vpn),
        )
        self.dashboard_name: str = dashboard.dashboard_name
        """Name of the dashboard."""

    @property
    def dashboard_url(self) -> str:
        """URL of the dashboard in the AWS console."""
        return console_address(self.dashboard_name)

    def _rows(self, client_vpn: BaseClientVpn) -> list[list[cloudwatch.IWidget]]:
        title = _EXPLANATION.format(name=f"{stack_name_of(self)}: {name_seen_from(self, client_vpn)}")
        third, half = WIDTH // 3, WIDTH // 2
        shown = [
            ("Clients connected", {"clients": ("ActiveConnectionsCount", "Maximum")}, half),
            ("Client traffic, in bytes", {"in": ("IngressBytes", "Sum"), "out": ("EgressBytes", "Sum")}, half),
            ("Clients refused", {"failures": ("AuthenticationFailures", "Sum")}, third),
            ("Days until the revocation list expires", {"days": ("CrlDaysToExpiry", "Minimum")}, third),
        ]
        graphs = [
            graph(
                name,
                [client_vpn.metric(metric, statistic=how).with_(label=label) for label, (metric, how) in lines.items()],
                width=width,
            )
            for name, lines, width in shown
        ]
        questions = (("Failed connection attempts", FAILED, third), ("Client sessions", CONNECTED, WIDTH))
        answers: list[cloudwatch.IWidget] = [
            cloudwatch.LogQueryWidget(
                title=name, log_group_names=self._groups, query_string=query, width=width, height=6
            )
            for name, query, width in (questions if self._groups else ())
        ]
        return [
            [cloudwatch.TextWidget(markdown=title, width=WIDTH, height=3)],
            [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(self.alarms), width=WIDTH, height=3)],
            list(graphs[:2]),
            [*graphs[2:], *answers[:1]],
            *([answer] for answer in answers[1:]),
        ]


def _nearly_all(client_cidr: str | None) -> int:
    """Return four fifths of the clients that a network has room for."""
    client_cidr = stand_in(client_cidr, _ANY_CLIENT_CIDR)
    if client_cidr is None or is_token(client_cidr):
        raise VpnConfigurationError(
            "most_connections",
            None,
            "a number from 1 to 126000, while client_cidr is not known at synthesis",
            "give the number, or client_cidr as a literal",
        )
    return int(IPv4Network(client_cidr).num_addresses / ADDRESSES_PER_CLIENT * FULL)
