"""Monitoring of a Client VPN endpoint: alarms, saved queries and a dashboard."""

from __future__ import annotations

from ipaddress import IPv4Network

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_instance, check_whole_number
from cdk_aws_vpn.client_vpn.client_vpn import ClientVpn
from cdk_aws_vpn.foundation.names import name_in_region, path_in_stack
from cdk_aws_vpn.monitoring.alarms import VpnAlarms
from cdk_aws_vpn.monitoring.dashboard import WIDTH, graph
from cdk_aws_vpn.monitoring.options import (
    check_dashboard_name,
    check_stack,
    check_topic,
    claim,
    console_address,
    default_dashboard_name,
)

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
**Alarms** below are red while something is wrong. **In** is from the clients to AWS, **out** is to the clients. Once \
the revocation list has ended, no client gets in."""
# AWS keeps as many addresses for moving clients between associations as it gives to clients.
ADDRESSES_PER_CLIENT = 2
FULL = 0.8


class ClientVpnMonitoring(Construct):
    """Watches a Client VPN endpoint, whoever its clients are.

    There are alarms for a revocation list that ends soon, for clients that are refused and for an endpoint that is
    nearly full, two saved Logs Insights queries on the connection log, and a dashboard. ``docs/monitoring.md`` says
    what each alarm means and what to do.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        client_vpn: The endpoint, of the same stack.
        topic: Who is told of alarms and of their end. Make it with encryption and ``enforce_ssl``; if it is encrypted,
            its key must admit ``cloudwatch.amazonaws.com``. Default: nobody.
        authentication_failures: From how many refused clients in five minutes there is an alarm, 1 to 10000.
            Default: 10.
        most_connections: From how many connected clients there is an alarm, 1 to 126000, which is the most that AWS
            serves at one endpoint. Default: four fifths of those for whom ``client_cidr`` has addresses, which is half
            of its addresses by the rules of Client VPN.
        revocation_list_days: How long before its end a revocation list is an alarm, 1 to 365 days. Default: 14. An
            endpoint without a list has no such metric, and no alarm.
        dashboard_name: 1 to 255 letters, digits, hyphens and underscores. Default: stack and construct id.

    Raises:
        VpnConfigurationError: An option is of another kind, or a number out of range.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        client_vpn: ClientVpn,
        topic: sns.ITopic | None = None,
        authentication_failures: int = 10,
        most_connections: int | None = None,
        revocation_list_days: int = 14,
        dashboard_name: str | None = None,
    ) -> None:
        check_instance("client_vpn", client_vpn, ClientVpn, "pass the construct itself")
        check_stack("client_vpn", client_vpn, scope)
        check_topic(topic)
        check_dashboard_name(dashboard_name)
        check_whole_number("authentication_failures", authentication_failures, 1, 10000)
        check_whole_number("revocation_list_days", revocation_list_days, 1, 365)
        if most_connections is None:
            addresses = IPv4Network(client_vpn.client_cidr).num_addresses
            most_connections = int(addresses / ADDRESSES_PER_CLIENT * FULL)
        else:
            check_whole_number("most_connections", most_connections, 1, 126000)
        super().__init__(scope, construct_id)
        claim("client_vpn", self, client_vpn)
        stack = Stack.of(self).stack_name
        self.name = name_in_region(self)
        """What the names of the queries begin with."""
        for question, query in QUESTIONS.items():
            logs.CfnQueryDefinition(
                self,
                question,
                name=f"{self.name}/{question}",
                query_string=query,
                log_group_names=[client_vpn.log_group.log_group_name],
            )
        alarms = VpnAlarms(self, "Alarms", name=stack, topic=topic)
        alarms.watch_clients(
            path_in_stack(client_vpn),
            client_vpn,
            failures=authentication_failures,
            connections=most_connections,
            revocation_list_days=revocation_list_days,
        )
        self.alarms = tuple(alarms.alarms)
        """All alarms."""
        dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=dashboard_name or default_dashboard_name(self),
            default_interval=Duration.hours(3),
            widgets=self._rows(client_vpn),
        )
        self.dashboard_name: str = dashboard.dashboard_name
        """Name of the dashboard."""

    @property
    def dashboard_url(self) -> str:
        """Address of the dashboard in the console."""
        return console_address(self.dashboard_name)

    def _rows(self, client_vpn: ClientVpn) -> list[list[cloudwatch.IWidget]]:
        title = _EXPLANATION.format(name=f"{Stack.of(self).stack_name}: {path_in_stack(client_vpn)}")
        third, half = WIDTH // 3, WIDTH // 2
        shown = [
            ("Clients connected", {"clients": ("ActiveConnectionsCount", "Maximum")}, half),
            ("Bytes of clients", {"in": ("IngressBytes", "Sum"), "out": ("EgressBytes", "Sum")}, half),
            ("Clients refused", {"failures": ("AuthenticationFailures", "Sum")}, third),
            ("Days until the revocation list ends", {"days": ("CrlDaysToExpiry", "Minimum")}, third),
        ]
        graphs = [
            graph(
                name,
                [client_vpn.metric(metric, statistic=how).with_(label=label) for label, (metric, how) in lines.items()],
                width=width,
            )
            for name, lines, width in shown
        ]
        group = [client_vpn.log_group.log_group_name]
        failed, connected = (
            cloudwatch.LogQueryWidget(title=name, log_group_names=group, query_string=query, width=width, height=6)
            for name, query, width in (
                ("Attempts that failed", FAILED, third),
                ("Who was connected", CONNECTED, WIDTH),
            )
        )
        return [
            [cloudwatch.TextWidget(markdown=title, width=WIDTH, height=3)],
            [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(self.alarms), width=WIDTH, height=3)],
            list(graphs[:2]),
            [*graphs[2:], failed],
            [connected],
        ]
