"""The Lambda functions behind the look-ups that CloudFormation does not offer: one of each kind in a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.log_groups import make_log_group
from cdk_aws_vpn.foundation.places import node_of, stack_of
from cdk_aws_vpn.foundation.uploads import upload

TIMEOUT_SECONDS = 300  # the longest waits of assets/handlers, added up, are shorter
_FUNCTION_REASONS = {
    "NIST.800.53.R5-LambdaConcurrency": "Called by CloudFormation alone, once per deployed look-up; reserved "
    "concurrency would take capacity from the account and fail in accounts that have little.",
    "NIST.800.53.R5-LambdaDLQ": "CloudFormation waits for the answer and fails the deployment without one, so a lost "
    "event is seen at once and there is nobody to read a dead-letter queue.",
    "NIST.800.53.R5-LambdaInsideVPC": "Reads one AWS API and answers CloudFormation; it reaches no resource of a VPC, "
    "and inside one it would need a way out to the internet.",
}
_WHY_NO_KEY = (
    "Holds the outcome of look-ups (ids and public addresses), which CloudWatch Logs encrypts at rest with a key of "
    "its own."
)


class LookupFunction(Construct):
    """A Lambda function that answers custom resources, shared by a whole stack.

    Use :meth:`of` to get the stack's one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        module: str,
        description: str,
        actions: Sequence[str],
        resources: Sequence[str],
        reasons: Mapping[str, str],
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = make_log_group(self, "Logs", why_no_key=_WHY_NO_KEY)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            description=description,
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=list(actions), resources=list(resources)),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
            ],
        )
        acknowledge(policy, reasons)
        code = upload(self, "handlers")
        function = lambda_.CfnFunction(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14.name,
            handler=f"{module}.handler",
            code=lambda_.CfnFunction.CodeProperty(s3_bucket=code.bucket, s3_key=code.key),
            role=role.role_arn,
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=log_group.log_group_name),
            timeout=timeout_seconds,
        )
        function.node.add_dependency(policy)
        acknowledge(function, _FUNCTION_REASONS)
        self.service_token = function.attr_arn
        """What a custom resource takes as its service token."""

    @staticmethod
    def of(
        construct: Construct,
        construct_id: str,
        *,
        module: str,
        description: str,
        actions: Sequence[str],
        resources: Sequence[str],
        reasons: Mapping[str, str],
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> LookupFunction:
        """Return the function ``construct_id`` of the stack that ``construct`` is in; create it if there is none.

        Args:
            construct: Any construct of the stack.
            construct_id: Id of the function in the stack.
            module: Module of ``assets/handlers`` whose ``handler`` is called.
            description: What the function does, in one sentence.
            actions: IAM actions that it needs.
            resources: ARNs that they apply to.
            reasons: Findings on its policy that are acknowledged, with the reason.
            timeout_seconds: How long it may run, 1 to 900. Default: 300.
        """
        stack = stack_of(construct)
        existing = node_of(stack).try_find_child(construct_id)
        if isinstance(existing, LookupFunction):
            return existing
        return LookupFunction(
            stack,
            construct_id,
            module=module,
            description=description,
            actions=actions,
            resources=resources,
            reasons=reasons,
            timeout_seconds=timeout_seconds,
        )
