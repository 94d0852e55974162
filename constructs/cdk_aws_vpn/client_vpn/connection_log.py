"""Who connected to a Client VPN endpoint, from where, and why not: its log."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct, check_instance
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.log_groups import is_of_stack, make_log_group

_WHY_NO_KEY = (
    "Holds names of certificates, addresses and counters of connections and no payload; CloudWatch Logs encrypts it at "
    "rest with a key of its own. A group with a KMS key can be given as log_group."
)
_Options = ec2.CfnClientVpnEndpoint.ConnectionLogOptionsProperty


def check_log(log_group: object, retention: object) -> None:
    """Check the log group that a caller names, and how long a new one keeps its events.

    Raises:
        VpnConfigurationError: One of them is something else.
    """
    check_instance("log_retention", retention, logs.RetentionDays, "write it like RetentionDays.ONE_MONTH")
    if log_group is not None:
        check_construct(
            "log_group",
            log_group,
            attribute="grant_write",
            allowed="a logs.ILogGroup",
            remedy="name an existing one with logs.LogGroup.from_log_group_name(…)",
        )


def connection_log(
    scope: Construct, *, log_group: logs.ILogGroup | None, retention: logs.RetentionDays
) -> tuple[_Options, logs.ILogGroup]:
    """Return the options of a connection log, and its group; create one if there is none."""
    if log_group is None:
        log_group = make_log_group(scope, "Logs", why_no_key=_WHY_NO_KEY, retention=retention)
    if not is_of_stack(log_group, scope):
        raise VpnConfigurationError(
            "log_group",
            log_group.log_group_arn,
            "a log group of the endpoint's account and Region: AWS takes its name, not its ARN",
            "leave it out, or name one with logs.LogGroup.from_log_group_name(…)",
        )
    stream = logs.CfnLogStream(scope, "LogStream", log_group_name=log_group.log_group_name)
    options = _Options(enabled=True, cloudwatch_log_group=log_group.log_group_name, cloudwatch_log_stream=stream.ref)
    return options, log_group
