"""Lays out the subnets of a VPC so that they have the addresses of the classic lab."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import jsii
from aws_cdk import aws_ec2 as ec2

_TIERS = 2
_LARGEST_SUBNET = 24


def lay_out_tiers(cidr: str, zones: int) -> ec2.IIpAddresses:
    """Return what gives the subnets of the two tiers their blocks, in one or more Availability Zones."""
    # In one zone the CDK's own order is the same, and costs no call from its JavaScript back to Python.
    return ec2.IpAddresses.cidr(cidr) if zones == 1 else _AlternatingTiers(cidr)


def subnet_prefix_length(cidr: str) -> int:
    """Return the prefix length of each subnet of a VPC."""
    return max(_LARGEST_SUBNET, ipaddress.IPv4Network(cidr).prefixlen + _TIERS)


@jsii.implements(ec2.IIpAddresses)
class _AlternatingTiers:
    """Gives the subnet of zone ``z`` and tier ``t`` the block number ``2 z + t`` of the VPC."""

    def __init__(self, cidr: str) -> None:
        self._cidr = cidr

    def allocate_vpc_cidr(self) -> ec2.VpcIpamOptions:
        """Return the block of the VPC."""
        return ec2.VpcIpamOptions(cidr_block=self._cidr)

    def allocate_subnets_cidr(
        self,
        *,
        requested_subnets: Sequence[Any],
        vpc_cidr: str,  # noqa: ARG002 - the CDK passes a token; the literal block is known here
    ) -> ec2.SubnetIpamOptions:
        """Return the blocks of the subnets in the order in which they are asked for: tier by tier."""
        network = ipaddress.IPv4Network(self._cidr)
        blocks = list(network.subnets(new_prefix=subnet_prefix_length(self._cidr)))
        zones = len(requested_subnets) // _TIERS
        return ec2.SubnetIpamOptions(
            allocated_subnets=[
                ec2.AllocatedSubnet(cidr=str(blocks[_TIERS * (position % zones) + position // zones]))
                for position in range(len(requested_subnets))
            ]
        )
