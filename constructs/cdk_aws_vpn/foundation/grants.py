"""Warns of permissions that a template cannot give, because it does not own what they are needed for."""

from __future__ import annotations

from aws_cdk import Annotations
from aws_cdk import aws_kms as kms
from constructs import Construct, IConstruct


def is_made_elsewhere(resource: IConstruct) -> bool:
    """Tell whether a key or a topic was imported, so that the CDK cannot change its policy and says nothing of it."""
    owner = resource.alias_target_key if isinstance(resource, kms.Alias) else resource
    return owner.node.default_child is None


def warn_of_missing_grant(construct: Construct, name: str, message: str) -> None:
    """Let the CDK warn that somebody else must grant something.

    Args:
        construct: What needs the permission.
        name: What the warning is acknowledged by: ``cdk-aws-vpn:NAME``.
        message: What is missing, and what to write where.
    """
    Annotations.of(construct).add_warning_v2(f"cdk-aws-vpn:{name}", message)
