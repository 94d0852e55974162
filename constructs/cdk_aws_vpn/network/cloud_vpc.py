"""The AWS side's VPC."""

from __future__ import annotations

from constructs import Construct

from cdk_aws_vpn.network.two_tier_vpc import TwoTierVpc


class CloudVpc(TwoTierVpc):
    """The VPC that the VPN leads to. By default it has no internet gateway: the VPN is its only way in and out.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        cidr: Its network, /16 to /26. Default: 10.50.0.0/16.
        max_azs: 1 or 2 Availability Zones. Default: 1.
        internet_access: Give it an internet gateway that the public tier uses. Default: False.

    Raises:
        AddressingError: ``cidr`` is not a usable block.
        VpnConfigurationError: ``max_azs`` is neither 1 nor 2.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cidr: str = "10.50.0.0/16",
        max_azs: int = 1,
        internet_access: bool = False,
    ) -> None:
        super().__init__(scope, construct_id, cidr=cidr, max_azs=max_azs, internet_access=internet_access)
