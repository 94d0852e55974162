"""What each monitoring takes besides what it watches: whom to notify, and the name of its dashboard."""

from __future__ import annotations

import re

from aws_cdk import Aws
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.client_vpn.client_vpn import ClientVpn
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.names import path_in_stack
from cdk_aws_vpn.foundation.places import path_of, stack_name_of, stack_of

WHY_NO_KEY = (
    "Holds the states of tunnels, routes and devices, and neither keys nor payload. CloudWatch Logs encrypts it at "
    "rest; pass log_encryption_key=… for a key of your own."
)
"""Why the log groups of a monitoring need no key of their own."""


def check_stack(prop: str, watched: Construct, scope: Construct) -> None:
    """Refuse what stands in another stack than its monitoring will."""
    mine, theirs = path_of(stack_of(scope)), path_of(stack_of(watched))
    if mine != theirs:
        raise VpnConfigurationError(
            prop,
            watched.node.path,
            f"what stands in the stack of the monitoring, {mine}",
            "put a monitoring into the stack of what it watches",
        )


def check_unwatched(prop: str, watched: VpnConnection | ClientVpn) -> None:
    """Refuse what another monitoring watches."""
    if watched.is_watched:
        raise VpnConfigurationError(
            prop,
            watched.node.path,
            "what no other monitoring watches: their alarms would have the same names",
            "name it in one of them",
        )


def check_topic(topic: object) -> None:
    """Refuse what is no SNS topic; none at all is allowed."""
    if topic is not None:
        wanted = {"allowed": "an sns.ITopic", "remedy": "name an existing one with Topic.from_topic_arn(…)"}
        check_construct("topic", topic, attribute="topic_arn", **wanted)


def check_dashboard_name(name: object) -> None:
    """Refuse a name that CloudWatch does not take; none at all is allowed."""
    named = isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name)
    if name is not None and not named and not is_token(name):
        raise VpnConfigurationError(
            "dashboard_name",
            name,
            "1 to 255 letters, digits, hyphens and underscores",
            "leave it out for the names of stack and construct",
        )


def default_dashboard_name(monitoring: Construct) -> str | None:
    """Return stack and construct as a dashboard's name; none for a stack that gets its name at deployment."""
    stack = stack_name_of(monitoring)
    return None if is_token(stack) else re.sub(r"[^A-Za-z0-9_-]", "-", f"{stack}-{path_in_stack(monitoring)}")


def console_address(dashboard_name: str) -> str:
    """Return the address of a dashboard in the console."""
    console = f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region={Aws.REGION}"
    return f"{console}#dashboards/dashboard/{dashboard_name}"
