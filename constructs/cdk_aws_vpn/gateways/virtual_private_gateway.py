"""The virtual private gateway: the Amazon end of a VPN connection to one VPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_resource_id, check_route_tables, check_vpc
from cdk_aws_vpn.checks.texts import check_name
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.quotas import VIRTUAL_PRIVATE_GATEWAYS_PER_REGION, VPN_CONNECTIONS_PER_VGW
from cdk_aws_vpn.foundation.stack_census import count_in_stack
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway


class _BaseVirtualPrivateGateway(AmazonSideGateway):
    connections_quota = VPN_CONNECTIONS_PER_VGW

    vpn_gateway_id: str
    """Id of the gateway, ``vgw-…``."""

    @property
    def gateway_properties(self) -> dict[str, Any]:
        return {"vpn_gateway_id": self.vpn_gateway_id}


class VirtualPrivateGateway(_BaseVirtualPrivateGateway):
    """A virtual private gateway attached to a VPC.

    It sends the traffic of the VPC through one tunnel at a time, chosen from all its connections: the one with the
    longest prefix; then static before BGP; then the shortest AS path; then the lowest MED.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC to attach to, new or existing. A VPC can have one virtual private gateway.
        amazon_side_asn: Private ASN of the Amazon side, 64512 to 65534 or 4200000000 to 4294967294. It cannot be
            changed later. Default: 64512.
        name: Name tag, 1 to 256 characters. Default: the path of the construct.

    Raises:
        AddressingError: ``amazon_side_asn`` is not a private ASN.
        VpnConfigurationError: ``vpc`` is not a VPC, or the name is too long.
        QuotaError: The stack has more virtual private gateways than AWS grants in a Region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        amazon_side_asn: int = 64512,
        name: str | None = None,
    ) -> None:
        check_vpc("vpc", vpc)
        check_name("name", name)
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        count_in_stack(self, VIRTUAL_PRIVATE_GATEWAYS_PER_REGION, "VirtualPrivateGateway")
        gateway = ec2.CfnVPNGateway(
            self,
            "Resource",
            type="ipsec.1",
            amazon_side_asn=amazon_side_asn,
            tags=[name_tag(self, name)],
        )
        self.vpn_gateway_id = gateway.ref
        self.attachment = ec2.CfnVPCGatewayAttachment(
            self, "Attachment", vpc_id=vpc.vpc_id, vpn_gateway_id=self.vpn_gateway_id
        )
        """The attachment to the VPC; what needs the gateway in the VPC depends on it."""

    def propagate_routes_to(self, route_tables: Sequence[ec2.IRouteTable]) -> None:
        """Let the gateway add the routes that it learns, static or by BGP, to ``route_tables``.

        Args:
            route_tables: Route tables of the VPC, such as ``[subnet.route_table for subnet in vpc.private_subnets]``.
                One that several subnets share counts once.

        Raises:
            VpnConfigurationError: The list is empty or contains something else, or this is the second call.
        """
        ids = check_route_tables("route_tables", route_tables)
        if self.node.try_find_child("Propagation") is not None:
            raise VpnConfigurationError(
                "route_tables", ids, "one call per gateway", "name all route tables in the first call"
            )
        propagation = ec2.CfnVPNGatewayRoutePropagation(
            self, "Propagation", route_table_ids=ids, vpn_gateway_id=self.vpn_gateway_id
        )
        propagation.add_resource_dependency(self.attachment)

    @staticmethod
    def from_id(
        scope: Construct, construct_id: str, vpn_gateway_id: str, *, amazon_side_asn: int | None = None
    ) -> ExistingVirtualPrivateGateway:
        """Use an existing gateway.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            vpn_gateway_id: ``vgw-…``.
            amazon_side_asn: Its ASN. Default: unknown, so only AWS can detect equal ASNs.
        """
        return ExistingVirtualPrivateGateway(scope, construct_id, vpn_gateway_id, amazon_side_asn=amazon_side_asn)


class ExistingVirtualPrivateGateway(_BaseVirtualPrivateGateway):
    """A virtual private gateway that was created elsewhere; see :meth:`VirtualPrivateGateway.from_id`."""

    def __init__(
        self, scope: Construct, construct_id: str, vpn_gateway_id: str, *, amazon_side_asn: int | None = None
    ) -> None:
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        self.vpn_gateway_id = check_resource_id("vpn_gateway_id", vpn_gateway_id, "vgw-")
