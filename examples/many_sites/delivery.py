#!/usr/bin/env python3
"""Delivers every change of the list: first to one Region, then, after an approval, to all others at once."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import Environment, Stack, Stage, pipelines
from baseline import baseline
from constructs import Construct
from hub import regional_hub
from landscape import OTHERS, PILOT, TOOLS

from cdk_aws_vpn import apply_vpn_policy

SYNTH = (
    "npm install --global aws-cdk@2.1148.1",
    # the wheel of this library is in the repository's folder `wheels`
    "pip install -r requirements.txt wheels/*.whl",
    # what is delivered, checked by the policy with all its packs
    "cdk synth --quiet --output checked",
    "cdk synth --quiet --app 'python3 delivery.py'",
)


class Delivery(Stack):
    """A pipeline of CDK Pipelines; it changes itself when this file changes.

    The stages of a wave are deployed in parallel, and so are the stacks of a stage that do not depend on each other.
    The stacks of a hub never do.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        first: Stage,
        pilot: Stage,
        others: Sequence[Stage],
        connection_arn: str,
        repository: str,
        env: Environment,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        source = pipelines.CodePipelineSource.connection(repository, "main", connection_arn=connection_arn)
        self.pipeline = pipelines.CodePipeline(
            self,
            "Pipeline",
            cross_account_keys=True,
            enable_key_rotation=True,
            synth=pipelines.ShellStep("Synth", input=source, commands=list(SYNTH)),
        )
        self.pipeline.add_stage(first)
        self.pipeline.add_stage(pilot)
        everywhere = self.pipeline.add_wave("Everywhere", pre=[pipelines.ManualApprovalStep("PilotIsWell")])
        for stage in others:
            everywhere.add_stage(stage)
        self.pipeline.build_pipeline()


if __name__ == "__main__":
    app = cdk.App()
    # CDK Pipelines writes the roles and buckets of the pipeline, so the cdk-nag packs check only what it delivers, in
    # app.py. Our own rules and the CDK's check everything.
    apply_vpn_policy(app, rule_packs=())
    Delivery(
        app,
        "VpnDelivery",
        # children of the app, as in app.py, so the stacks have the same names however they are deployed
        first=baseline(app),
        pilot=regional_hub(app, PILOT),
        others=[regional_hub(app, location) for location in OTHERS],
        connection_arn="arn:aws:codeconnections:eu-central-1:444455556666:connection/"
        "01234567-89ab-cdef-0123-456789abcdef",
        repository="example/network",
        env=TOOLS,
    )
    app.synth()
