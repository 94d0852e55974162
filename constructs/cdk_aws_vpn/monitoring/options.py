"""What both monitoring constructs check: what they watch, the topic to notify and the dashboard's name."""

from __future__ import annotations

import re

from aws_cdk import Aws
from constructs import Construct, IConstruct

from cdk_aws_vpn.checks.arguments import check_construct
from cdk_aws_vpn.checks.tokens import is_text_token, is_token
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import identity_of
from cdk_aws_vpn.foundation.known_later import known_later
from cdk_aws_vpn.foundation.names import as_dashboard_name, outermost_stack, path_in_stack
from cdk_aws_vpn.foundation.places import path_of, stack_name_of, stack_of
from cdk_aws_vpn.foundation.stack_census import claim, environment_of

WHY_NO_KEY = (
    "Holds the states of tunnels, routes and devices, but no keys and no payload. CloudWatch Logs encrypts it at rest; "
    "to use your own key, pass log_encryption_key=…."
)
"""Why log groups need no KMS key by default."""

LONGEST_NAME = 234
"""Characters of a dashboard's name before its Region, so that the whole has at most 255."""


def check_environment(prop: str, watched: Construct, scope: Construct) -> None:
    """Refuse a construct of another account or Region, whose metrics and logs are there."""
    if environment_of(watched) != environment_of(scope):
        raise VpnConfigurationError(
            prop,
            watched.node.path,
            "a construct in the same account and Region as its monitoring",
            "create the monitoring construct in a stack of that account and Region",
        )


def is_in_stack(construct: IConstruct, scope: IConstruct) -> bool:
    """Tell whether a construct is deployed with the stack of ``scope``, nested stacks included."""
    mine, theirs = (path_of(outermost_stack(stack_of(one))) for one in (scope, construct))
    return mine == theirs


def check_stack(prop: str, watched: Construct, scope: Construct) -> None:
    """Refuse a construct that is not in the stack of its monitoring construct."""
    if not is_in_stack(watched, scope):
        mine = path_of(stack_of(scope))
        raise VpnConfigurationError(
            prop,
            watched.node.path,
            f"a construct in the same stack as its monitoring, {mine}",
            "create the monitoring construct in the stack that it watches",
        )


def claim_watched(prop: str, monitoring: Construct, watched: Construct, resource_id: str) -> None:
    """Let ``monitoring`` be the one that watches ``watched``.

    Raises:
        VpnConfigurationError: Another monitoring watches it.
    """
    earlier = claim(monitoring, "monitoring", identity_of(watched, resource_id))
    if earlier is not None:
        raise VpnConfigurationError(
            prop,
            watched.node.path,
            f"a construct that nothing else monitors; {earlier} does, and two sets of alarms would have the same names",
            "list it in only one monitoring construct",
        )


def check_topic(topic: object) -> None:
    """Refuse a value that is not an SNS topic; ``None`` is allowed."""
    if topic is not None:
        remedy = "refer to an existing topic with Topic.from_topic_arn(…)"
        check_construct("topic", topic, attribute="grant_publish", allowed="an sns.ITopic", remedy=remedy)


def check_dashboard_name(name: object) -> None:
    """Refuse a name that CloudWatch does not accept; ``None`` is allowed."""
    named = isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name)
    # the CDK accepts tokens here, but no dynamic reference
    later = is_text_token(name) and "{{" not in str(name)
    if name is not None and not named and not later:
        raise VpnConfigurationError(
            "dashboard_name",
            name,
            "1 to 255 letters, digits, hyphens and underscores",
            "leave it out: the default is the stack name, the construct id and the Region",
        )


def chosen_dashboard_name(monitoring: Construct, given: str | None) -> str | None:
    """Return the name that was given, or one of stack, construct and Region.

    It is ``None`` if the stack's name is not known at synth. Dashboards belong to the account ("All dashboards in your
    account are global, not region-specific", PutDashboard), so the same stack in a second Region needs another name.
    """
    if given:
        return known_later(given)
    stack = stack_name_of(monitoring)
    if is_token(stack):
        return None
    name = as_dashboard_name(f"{stack}-{path_in_stack(monitoring)}", LONGEST_NAME)
    return f"{name}-{stack_of(monitoring).region}"


def console_address(dashboard_name: str) -> str:
    """Return the URL of a dashboard in the AWS console."""
    console = f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region={Aws.REGION}"
    return f"{console}#dashboards/dashboard/{dashboard_name}"
