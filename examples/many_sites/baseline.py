"""What every account with VPN connections needs and what is the same everywhere: a CloudFormation StackSet delivers it.

A StackSet follows an organizational unit: an account that joins gets the stack automatically, and an account that
leaves loses it. That suits what is the same everywhere. The sites differ per Region, so the pipeline delivers them.
"""

from __future__ import annotations

import json
import tempfile
from typing import Any

import aws_cdk as cdk
from aws_cdk import CfnStackSet, Environment, Stack, Stage
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct
from landscape import LOCATIONS, ORGANIZATION_UNIT, TOOLS

TOPIC = "vpn-alarms"
SERVICES = ("cloudwatch.amazonaws.com", "events.amazonaws.com")


def template() -> dict[str, Any]:
    """Return the template for each account and Region: a topic for alarms, which CloudWatch may publish to."""
    with tempfile.TemporaryDirectory() as folder:
        # a separate app, which must not write to the outer app's folder
        app = cdk.App(analytics_reporting=False, outdir=folder)
        _alarms(Stack(app, "VpnBaseline", synthesizer=cdk.BootstraplessSynthesizer()))
        found: dict[str, Any] = app.synth().get_stack_by_name("VpnBaseline").template
    return found


def _alarms(stack: Stack) -> None:
    key = cdk.aws_kms.Key(stack, "Key", enable_key_rotation=True, description="alarms of VPN connections")
    for service in SERVICES:
        key.grant(iam.ServicePrincipal(service), "kms:Decrypt", "kms:GenerateDataKey*")
    topic = sns.Topic(stack, "Alarms", topic_name=TOPIC, master_key=key, enforce_ssl=True)
    for service in SERVICES:
        topic.grant_publish(iam.ServicePrincipal(service))


class Baseline(Stack):
    """The StackSet, in the organization's management account or a delegated administrator's."""

    def __init__(self, scope: Construct, construct_id: str, *, env: Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        CfnStackSet(
            self,
            "Everywhere",
            stack_set_name="vpn-baseline",
            permission_model="SERVICE_MANAGED",
            call_as="DELEGATED_ADMIN",
            auto_deployment=CfnStackSet.AutoDeploymentProperty(enabled=True, retain_stacks_on_account_removal=False),
            managed_execution={"Active": True},
            operation_preferences=CfnStackSet.OperationPreferencesProperty(
                failure_tolerance_percentage=10, max_concurrent_percentage=50, region_concurrency_type="PARALLEL"
            ),
            stack_instances_group=[
                CfnStackSet.StackInstancesProperty(
                    deployment_targets=CfnStackSet.DeploymentTargetsProperty(
                        organizational_unit_ids=[ORGANIZATION_UNIT]
                    ),
                    regions=sorted({location.region for location in LOCATIONS}),
                )
            ],
            template_body=json.dumps(template()),
        )


def baseline(scope: Construct) -> Stage:
    """Return the stage that contains the StackSet."""
    stage = Stage(scope, "Baseline", env=TOOLS)
    Baseline(stage, "Vpn", env=TOOLS)
    return stage
