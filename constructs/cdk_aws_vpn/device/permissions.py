"""What a customer gateway device may do: read its own keys, and what else its scenario needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_construct, has_attribute
from cdk_aws_vpn.checks.tokens import is_text_token
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.known_later import known_later
from cdk_aws_vpn.foundation.log_groups import log_stream_arn
from cdk_aws_vpn.foundation.names import as_description, name_in_region
from cdk_aws_vpn.foundation.places import stack_of

_PATH = re.compile(r"/|/[\x21-\x7e]{1,510}/")
_SESSION_MANAGER_REASON = (
    "The policy that AWS maintains for Session Manager, which replaces SSH: no port is open and no key pair exists. "
    "Its actions have no resource-level permissions that would allow a narrower copy."
)
_LOOK_REASON = (
    "ec2:DescribeRouteTables and ec2:DescribeAddresses, with which a device finds out whether a route or the shared "
    "address must be moved at all. Neither has resource-level permissions, and neither answer contains a secret."
)


class CgwPermissions(Construct):
    """The role of one device.

    It may never call ``ec2:DescribeVpnConnections``, whose answer can hold every pre-shared key of the account.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role: iam.IRole | None = None,
        permissions_boundary: iam.IManagedPolicy | None = None,
        role_path: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.path = role_path and known_later(role_path)
        """Where the device's names are in IAM; None is the root."""
        self.role: iam.IRole = role or self._make_role(permissions_boundary)
        self._device = scope

    def _make_role(self, permissions_boundary: iam.IManagedPolicy | None) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AmazonSSMManagedInstanceCore")],
            permissions_boundary=permissions_boundary,
            path=self.path,
        )
        acknowledge(
            role,
            {
                "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]": (
                    _SESSION_MANAGER_REASON
                )
            },
        )
        return role

    @cached_property
    def policy(self) -> iam.ManagedPolicy:
        """What the device may do; created with the first statement, because the CDK rejects an empty policy."""
        return iam.ManagedPolicy(
            self,
            "Policy",
            description=as_description(f"What the device {name_in_region(self._device)} may do"),
            roles=[self.role],
            path=self.path,
        )

    def read_secret(self, secret: secretsmanager.ISecret | None) -> None:
        """Let the device read one pre-shared key."""
        if secret is None:
            return
        self._allow(["secretsmanager:GetSecretValue"], [secret.secret_full_arn or secret.secret_arn])
        if secret.encryption_key is not None:
            self._allow(["kms:Decrypt"], [secret.encryption_key.key_arn])

    def read_object(self, bucket: str, key: str) -> None:
        """Let the device read its programs from S3."""
        self._allow(["s3:GetObject"], [f"arn:{Aws.PARTITION}:s3:::{bucket}/{key}"])

    def write_log(self, log_group: str, log_stream: str) -> None:
        """Let the device write to one existing stream."""
        self._allow(["logs:PutLogEvents"], [log_stream_arn(self, log_group, log_stream)])

    def take_over(self, route_table_ids: Sequence[str], network_interface_id: str, allocation_id: str | None) -> None:
        """Let the device point the routes of these tables to itself, and take over the shared Elastic IP if any.

        It may also look where they point, so that it writes only what differs.
        """
        tables = [self._ec2_arn("route-table", table_id) for table_id in route_table_ids]
        looks = ["ec2:DescribeRouteTables"] if tables else []
        if tables:
            self._allow(["ec2:ReplaceRoute"], tables)
        if allocation_id is not None:
            self._allow(
                ["ec2:AssociateAddress"],
                [
                    self._ec2_arn("elastic-ip", allocation_id),
                    self._ec2_arn("network-interface", network_interface_id),
                ],
            )
            looks.append("ec2:DescribeAddresses")
        if looks:
            self._allow(looks, ["*"])
            acknowledge(self.policy, {"AwsSolutions-IAM5[Resource::*]": _LOOK_REASON})

    def _ec2_arn(self, resource: str, name: str) -> str:
        return stack_of(self).format_arn(service="ec2", resource=resource, resource_name=name)

    def _allow(self, actions: list[str], resources: list[str]) -> None:
        self.policy.add_statements(iam.PolicyStatement(actions=actions, resources=resources))


def check_role(role: object, permissions_boundary: object, role_path: object) -> None:
    """Check what a caller says about the role of a device.

    Raises:
        VpnConfigurationError: A value has the wrong type or form, or a new role is described and another one given.
    """
    if role is not None:
        remedy = "use Role.from_role_name(…)"
        check_construct("role", role, attribute="grant_assume_role", allowed="an iam.IRole", remedy=remedy)
    if permissions_boundary is not None:
        allowed, remedy = "an iam.IManagedPolicy", "use ManagedPolicy.from_managed_policy_arn(…)"
        if not has_attribute(permissions_boundary, "managed_policy_arn"):
            raise VpnConfigurationError("permissions_boundary", permissions_boundary, allowed, remedy)
    if role is not None and permissions_boundary is not None:
        raise VpnConfigurationError(
            "permissions_boundary", "given", "none with a role of yours, which has its own", "remove one of the two"
        )
    literal = isinstance(role_path, str) and _PATH.fullmatch(role_path)
    # the CDK accepts tokens here, but no dynamic reference
    if role_path is not None and not literal and not (is_text_token(role_path) and "{{" not in str(role_path)):
        raise VpnConfigurationError(
            "role_path", role_path, "a path of IAM: up to 512 characters, a slash at both ends", "write it like '/vpn/'"
        )
