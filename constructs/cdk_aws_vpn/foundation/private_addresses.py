"""The private addresses of a subnet: each may be used once."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.identity import identity_of
from cdk_aws_vpn.foundation.stack_census import claim


def claim_address(construct: Construct, prop: str, subnet: ec2.ISubnet, address: str | None) -> None:
    """Claim a private address of a subnet for ``construct``; one that AWS chooses, or a token, is not known.

    Raises:
        AddressingError: Another construct of the app has it.
    """
    if address is None or is_token(address):
        return
    earlier = claim(construct, "private address", identity_of(subnet, subnet.subnet_id), address)
    if earlier is not None:
        raise AddressingError(
            prop,
            address,
            f"an address that nothing else in the subnet has; {earlier} has this one",
            "choose another address of the subnet, or leave it out",
        )
