"""Log groups, and their ARNs in the two forms that AWS asks for."""

from __future__ import annotations

from functools import cache

from aws_cdk import ArnFormat, Aws, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.grants import is_made_elsewhere, warn_of_missing_grant
from cdk_aws_vpn.foundation.places import asked_once, stack_of

_ALL_STREAMS = ":*"
_ARN_PARTS = 7


def make_log_group(
    scope: Construct,
    construct_id: str,
    *,
    why_no_key: str,
    name: str | None = None,
    retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
    encryption_key: kms.IKey | None = None,
) -> logs.LogGroup:
    """Make a log group that is deleted with its stack.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        why_no_key: Why CloudWatch Logs' own encryption is enough for what it holds, written for a security reviewer.
        name: Name of the group. Default: chosen by CloudFormation.
        retention: How long events are kept. Default: one month.
        encryption_key: KMS key; CloudWatch Logs is granted its use if the app has made the key; else a warning says
            what its owner must grant. Default: a key owned by AWS.
    """
    group = logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=retention,
        encryption_key=encryption_key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    if encryption_key is not None:
        encryption_key.grant_encrypt_decrypt(_log_service(group))
        if is_made_elsewhere(encryption_key):
            region = group.stack.region
            warn_of_missing_grant(
                scope,
                "log-encryption-key",
                "the key of the log groups was made elsewhere, so this stack cannot change its policy; without a grant "
                "there, the deployment of the log groups fails. In the key's own policy, allow the service "
                f"logs.{'REGION' if is_token(region) else region}.amazonaws.com the actions kms:Encrypt, kms:Decrypt, "
                "kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey",
            )
    else:
        acknowledge(group, {"NIST.800.53.R5-CloudWatchLogGroupEncrypted": why_no_key})
    return group


def _log_service(group: logs.LogGroup) -> iam.ServicePrincipal:
    """CloudWatch Logs of the stack's Region, for log groups of this account only.

    Its name ends with the domain of the partition: ``amazonaws.com``, or ``amazonaws.com.cn`` in China. Source of the
    name and of the condition: "Encrypt log data in CloudWatch Logs using AWS KMS" in the CloudWatch Logs user guide.
    """
    stack = group.stack
    own = stack.format_arn(
        service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    return iam.ServicePrincipal(
        f"logs.{stack.region}.{Aws.URL_SUFFIX}",
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": own}},
    )


def log_destination(group: logs.ILogGroup) -> str:
    """Return the ARN of a log group of any account and Region, without the ``:*`` that AWS does not take here."""
    if isinstance(group, logs.LogGroup):  # its ARN is known at deployment, with the ``:*``
        return log_group_arn(group, log_group_name(group))
    arn = _without_streams(group)
    # an ARN that is a token itself may end in a second ``:*``
    return arn if arn.startswith("arn:") else Fn.select(0, Fn.split(_ALL_STREAMS, arn))


def is_of_stack(group: logs.ILogGroup, construct: IConstruct) -> bool:
    """Tell whether a log group is, as far as known, in the account and Region of the construct's stack.

    Only then does its name refer to it there.
    """
    if isinstance(group, logs.LogGroup):
        return True
    parts = _without_streams(group).split(":")
    if len(parts) < _ARN_PARTS:
        return True
    stack = stack_of(construct)
    places = zip(parts[3:5], (stack.region, stack.account), strict=True)
    return all(theirs == mine or "${Token[" in theirs + mine for theirs, mine in places)


def _without_streams(group: logs.ILogGroup) -> str:
    return group.log_group_arn.removesuffix(_ALL_STREAMS)


@asked_once
def log_group_name(group: logs.ILogGroup) -> str:
    """Return the name of a log group, asked of the CDK once."""
    return group.log_group_name


def log_group_arn(construct: IConstruct, name: str) -> str:
    """Return the ARN of a log group of the construct's stack, without the ``:*`` that CloudFormation puts behind it."""
    return _log_group_arn(stack_of(construct), name)


@cache
def _log_group_arn(stack: Stack, name: str) -> str:
    return stack.format_arn(
        service="logs", resource="log-group", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )


def log_stream_arn(construct: Construct, group_name: str, stream_name: str) -> str:
    """Return the ARN of a log stream of the construct's stack."""
    return log_group_arn(construct, f"{group_name}:log-stream:{stream_name}")
