"""What every instance of the library has in common: the metadata service, the disk, the monitoring."""

from __future__ import annotations

import re
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_aws_vpn.checks.arguments import has_attribute
from cdk_aws_vpn.checks.tokens import is_placeholder, stand_in
from cdk_aws_vpn.errors import VpnConfigurationError

DEFAULT_INSTANCE_TYPES = {"x86_64": "t3.micro", "arm64": "t4g.micro"}
ARCHITECTURES = tuple(DEFAULT_INSTANCE_TYPES)
NO_TERMINATION_PROTECTION = {
    "AwsSolutions-EC29": "One command removes the stack; termination protection would leave it half-deleted. "
    "The instance holds no data, and protecting the stack itself protects it as well."
}
"""The finding that an instance has no termination protection, and why it has none."""
_INSTANCE_TYPE = re.compile(r"[a-z]+\d{1,2}[a-z-]*\.[a-z0-9-]+")


def check_architecture(architecture: str) -> None:
    """Check that ``architecture`` is one that the library has images and instance types for.

    Raises:
        VpnConfigurationError: There is no such architecture.
    """
    if not is_placeholder(architecture) and architecture not in ARCHITECTURES:
        raise VpnConfigurationError("architecture", architecture, " or ".join(ARCHITECTURES), "choose one of these")


def check_instance_type(instance_type: str | None, architecture: str) -> str:
    """Return the instance type, or the default of ``architecture``.

    Raises:
        VpnConfigurationError: There is no such architecture, or the type has the other one.
    """
    check_architecture(architecture)
    architecture = stand_in(architecture, "x86_64")
    if instance_type is None:
        return DEFAULT_INSTANCE_TYPES[architecture]
    if is_placeholder(instance_type):
        return instance_type
    if not isinstance(instance_type, str) or not _INSTANCE_TYPE.fullmatch(instance_type):
        raise VpnConfigurationError("instance_type", instance_type, "a family and a size", "write it like 't3.micro'")
    actual = ec2.InstanceType(instance_type).architecture
    wanted = ec2.InstanceArchitecture.ARM_64 if architecture == "arm64" else ec2.InstanceArchitecture.X86_64
    if actual is not wanted:
        raise VpnConfigurationError(
            "instance_type",
            instance_type,
            f"a type with {architecture} processors, such as {DEFAULT_INSTANCE_TYPES[architecture]}",
            "change the type or the architecture",
        )
    return instance_type


def check_volume_key(volume_encryption_key: object) -> None:
    """Check that the key of a volume is a KMS key, or that there is none.

    Raises:
        VpnConfigurationError: It is something else.
    """
    if volume_encryption_key is not None and not has_attribute(volume_encryption_key, "grant_encrypt_decrypt"):
        raise VpnConfigurationError(
            "volume_encryption_key", volume_encryption_key, "a kms.IKey", "use Key.from_key_arn(…)"
        )


def instance_defaults(volume_encryption_key: kms.IKey | None = None) -> dict[str, Any]:
    """Return the properties of ``AWS::EC2::Instance`` that hardly differ: IMDSv2 only, encrypted disk, monitoring.

    Args:
        volume_encryption_key: KMS key of the disk. Default: the account's default key for EBS.
    """
    return {
        "metadata_options": ec2.CfnInstance.MetadataOptionsProperty(
            http_tokens="required", http_put_response_hop_limit=1, http_endpoint="enabled"
        ),
        "block_device_mappings": [
            ec2.CfnInstance.BlockDeviceMappingProperty(
                device_name="/dev/xvda",
                ebs=ec2.CfnInstance.EbsProperty(
                    encrypted=True,
                    kms_key_id=None if volume_encryption_key is None else volume_encryption_key.key_arn,
                    volume_type="gp3",
                    volume_size=8,
                    delete_on_termination=True,
                ),
            )
        ],
        "monitoring": True,
        "ebs_optimized": True,
        "propagate_tags_to_volume_on_creation": True,
    }
