"""The transit gateway: the Amazon end of a VPN connection to many VPCs."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn.amazon_side_gateway import AmazonSideGateway, check_gateway_id

__all__ = ["TransitGateway"]


class TransitGateway(AmazonSideGateway):
    """A transit gateway that exists already, in this account or shared with it.

    Args:
        scope: The construct to put the reference in.
        construct_id: Its id there.
        transit_gateway_id: ``tgw-…``.
        amazon_side_asn: Its ASN. Default: unknown, so equal ASNs are found out only by AWS.

    Raises:
        VpnConfigurationError: The id is not that of a transit gateway.
        AddressingError: The ASN is not a private one.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, transit_gateway_id: str, amazon_side_asn: int | None = None
    ) -> None:
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        self.transit_gateway_id = check_gateway_id("transit_gateway_id", transit_gateway_id, "tgw-")

    @property
    def gateway_properties(self) -> dict[str, Any]:
        return {"transit_gateway_id": self.transit_gateway_id}

    @staticmethod
    def from_id(
        scope: Construct, construct_id: str, transit_gateway_id: str, *, amazon_side_asn: int | None = None
    ) -> TransitGateway:
        """Use a transit gateway that exists already; the arguments are those of the class."""
        return TransitGateway(
            scope, construct_id, transit_gateway_id=transit_gateway_id, amazon_side_asn=amazon_side_asn
        )
