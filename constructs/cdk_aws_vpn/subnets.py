"""What can be known of a subnet while the template is written."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from jsii.errors import JSIIError

__all__ = ["subnet_cidr"]


def subnet_cidr(subnet: ec2.ISubnet) -> str | None:
    """Return the block of ``subnet``; None for a subnet that was imported by its id alone."""
    try:
        return subnet.ipv4_cidr_block
    except (JSIIError, RuntimeError):  # the CDK's way to say that it does not know
        return None
