"""The data centre, played by a VPC."""

from __future__ import annotations

from constructs import Construct

from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.network.two_tier_vpc import TwoTierVpc


class IdcVpc(TwoTierVpc):
    """The data centre (IDC): gateways in its public tier reach the internet, hosts in its private tier do not.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        cidr: Its network, /16 to /26. Default: 10.60.0.0/16.
        max_azs: 1 or 2 Availability Zones; two devices in two zones need 2. Default: 1.

    Raises:
        AddressingError: ``cidr`` is not a usable block.
        VpnConfigurationError: ``max_azs`` is neither 1 nor 2.
    """

    def __init__(self, scope: Construct, construct_id: str, *, cidr: str = "10.60.0.0/16", max_azs: int = 1) -> None:
        super().__init__(scope, construct_id, cidr=cidr, max_azs=max_azs, internet_access=True)
        for subnet in self.public_subnets:
            acknowledge(
                subnet.node.find_child("DefaultRoute"),
                {
                    "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW": "The customer gateway devices stand here and set up "
                    "their tunnels over the internet; nothing else is placed in this tier."
                },
            )
