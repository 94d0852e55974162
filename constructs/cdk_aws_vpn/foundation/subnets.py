"""What is known about a VPC and its subnets at synthesis."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from jsii.errors import JSIIError

from cdk_aws_vpn.foundation.places import asked_once


@asked_once
def subnet_cidr(subnet: ec2.ISubnet) -> str | None:
    """Return the block of ``subnet``; None for a subnet that was imported by its id alone."""
    try:
        return subnet.ipv4_cidr_block
    except (JSIIError, RuntimeError):  # the CDK's way to say that it does not know
        return None


def vpc_cidr(vpc: ec2.IVpc) -> str | None:
    """Return the block of ``vpc`` as the template writes it; None for a VPC that was imported without it."""
    resource = vpc.node.default_child
    if isinstance(resource, ec2.CfnVPC):
        return resource.cidr_block
    try:
        return vpc.vpc_cidr_block
    except (JSIIError, RuntimeError):
        return None
