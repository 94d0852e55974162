"""AWS Health events about connections: pending maintenance, replaced tunnel endpoints, lost redundancy."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn.foundation.grants import is_made_elsewhere, warn_of_missing_grant
from cdk_aws_vpn.foundation.log_groups import log_group_arn, log_group_name, make_log_group
from cdk_aws_vpn.foundation.names import as_log_name, shortened
from cdk_aws_vpn.monitoring.options import WHY_NO_KEY

_DESCRIPTION_LENGTH = 512


class VpnHealthEvents(Construct):
    """A rule that sends the AWS Health events of connections to a log group, and to a topic if there is one.

    AWS Health announces pending maintenance of a tunnel and reports each replacement of a tunnel endpoint. With
    ``enable_tunnel_lifecycle_control`` you decide when pending maintenance is applied.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        connection_ids: Sequence[str],
        topic: sns.ITopic | None,
        retention: logs.RetentionDays,
        encryption_key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        # EventBridge writes only to log groups whose name starts with /aws/events/
        group_name = as_log_name(f"/aws/events/vpn/{name}")
        self.log_group = make_log_group(
            self,
            "Logs",
            name=group_name,
            why_no_key=WHY_NO_KEY,
            retention=retention,
            encryption_key=encryption_key,
        )
        logs_arn = log_group_arn(self, log_group_name(self.log_group))
        self.rule = events.CfnRule(
            self,
            "Rule",
            description=shortened(f"AWS Health events about the VPN connections of {name}", _DESCRIPTION_LENGTH),
            event_pattern={
                "source": ["aws.health"],
                "detail-type": ["AWS Health Event"],
                "detail": {"service": ["VPN"]},
                "resources": list(connection_ids),
            },
            targets=[events.CfnRule.TargetProperty(id="Logs", arn=logs_arn)],
        )
        self._admit_eventbridge(group_name)
        if topic is not None:
            self.rule.targets = [
                events.CfnRule.TargetProperty(id="Logs", arn=logs_arn),
                events.CfnRule.TargetProperty(id="Topic", arn=topic.topic_arn),
            ]
            topic.grant_publish(iam.ServicePrincipal("events.amazonaws.com"))
            if is_made_elsewhere(topic):
                warn_of_missing_grant(
                    self,
                    "topic",
                    "the topic was made elsewhere, so this stack cannot change its policy; without a grant there, no "
                    "AWS Health event reaches it. In the topic's own policy, allow the service events.amazonaws.com "
                    "the action sns:Publish",
                )

    def _admit_eventbridge(self, group_name: str) -> None:
        """Let EventBridge write to this log group, by a resource policy on the group itself."""
        resource = self.log_group.node.default_child
        assert isinstance(resource, logs.CfnLogGroup)
        resource.resource_policy_document = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                    "Resource": f"{log_group_arn(self, group_name)}:*",
                }
            ],
        }
