"""What is known about a VPC and its subnets at synthesis."""

from __future__ import annotations

from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2
from constructs import Construct
from jsii.errors import JSIIError

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.places import asked_once
from cdk_aws_vpn.foundation.stack_census import claim_in_stack


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


def peer_of(network: str) -> ec2.IPeer:
    """Return a network as the peer of a rule; the CDK would read a dynamic reference as a network, and refuse it."""
    return ec2.Peer.ipv4(Token.as_string(network) if is_token(network) else network)


@asked_once
def subnet_zone(subnet: ec2.ISubnet) -> str | None:
    """Return the Availability Zone of ``subnet``; None for a subnet that was imported by its id alone."""
    try:
        return subnet.availability_zone
    except (JSIIError, RuntimeError):
        return None


def claim_address(construct: Construct, prop: str, subnet: ec2.ISubnet, address: str | None) -> None:
    """Claim a private address of a subnet for ``construct``; one that AWS chooses, or a token, is not known.

    Raises:
        AddressingError: Another construct of the stack has it.
    """
    if address is None or is_token(address):
        return
    earlier = claim_in_stack(construct, "private address", subnet.subnet_id, address)
    if earlier is not None:
        raise AddressingError(
            prop,
            address,
            f"an address that nothing else in the subnet has; {earlier} has this one",
            "choose another address of the subnet, or leave it out",
        )
