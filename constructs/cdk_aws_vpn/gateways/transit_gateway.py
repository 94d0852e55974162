"""The transit gateway: the Amazon end of a VPN connection to many VPCs."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.addressing import literal_network
from cdk_aws_vpn.checks.arguments import check_flag, check_resource_id
from cdk_aws_vpn.checks.asns import check_existing_amazon_side_asn
from cdk_aws_vpn.checks.texts import check_list, check_name
from cdk_aws_vpn.checks.tokens import is_list_token, is_token
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.identity import in_order
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.quotas import TRANSIT_GATEWAYS_PER_REGION
from cdk_aws_vpn.foundation.stack_census import count_in_stack
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway

_CIDR_BLOCKS_MAXIMUM = 5
_LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")


class BaseTransitGateway(AmazonSideGateway):
    """What new and existing transit gateways have in common."""

    learned_prefixes_maximum = 1000
    announced_prefixes_maximum = 5000

    transit_gateway_id: str
    """Id of the gateway, ``tgw-…``."""

    default_route_table_association: bool | None = None
    """Whether each attachment is put into the default route table; None when it is not known."""

    default_route_table_propagation: bool | None = None
    """Whether the default route table learns the routes of each attachment; None when it is not known."""

    vpn_ecmp_support: bool | None = None
    """Whether flows are spread over all tunnels with equal paths; None when it is not known."""

    cidr_blocks: tuple[str, ...] | None = None
    """Blocks that private-IP VPN connections take their outside addresses from; None when they are not known."""

    @property
    def gateway_properties(self) -> dict[str, Any]:
        return {"transit_gateway_id": self.transit_gateway_id}


class TransitGateway(BaseTransitGateway):
    """A new transit gateway.

    By default it has no default route table: an attachment reaches what the
    :class:`~cdk_aws_vpn.TransitGatewayRouteTable` that it is associated with has learned, and nothing else.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        amazon_side_asn: Private ASN of the Amazon side, 64512 to 65534 or 4200000000 to 4294967294. Default: 64512.
        vpn_ecmp_support: Spread flows over all tunnels that announce equal paths by BGP. Default: True.
        default_route_table_association: Associate each attachment with the default route table; it can then not be
            associated with another one. Default: False.
        default_route_table_propagation: Let the default route table learn the routes of each attachment.
            Default: False.
        auto_accept_shared_attachments: Accept attachments of other accounts automatically. Default: False.
        dns_support: Resolve public names of instances to private addresses across VPCs. Default: True.
        cidr_blocks: 1 to 5 networks, /24 or larger for IPv4 and /64 or larger for IPv6, that private-IP VPN
            connections take their outside addresses from. Default: none.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        AddressingError: The ASN is not a private one, or a block cannot be used.
        VpnConfigurationError: An option that must be True or False is something else, or the name is too long.
        QuotaError: The stack has more transit gateways than AWS grants in a Region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        amazon_side_asn: int = 64512,
        vpn_ecmp_support: bool = True,
        default_route_table_association: bool = False,
        default_route_table_propagation: bool = False,
        auto_accept_shared_attachments: bool = False,
        dns_support: bool = True,
        cidr_blocks: Sequence[str] = (),
        name: str | None = None,
    ) -> None:
        switches = {
            "vpn_ecmp_support": vpn_ecmp_support,
            "default_route_table_association": default_route_table_association,
            "default_route_table_propagation": default_route_table_propagation,
            "auto_accept_shared_attachments": auto_accept_shared_attachments,
            "dns_support": dns_support,
        }
        for prop, value in switches.items():
            check_flag(prop, value)
        blocks = _check_cidr_blocks(cidr_blocks)
        check_name("name", name)
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        count_in_stack(self, TRANSIT_GATEWAYS_PER_REGION, "TransitGateway")
        self.default_route_table_association = default_route_table_association
        self.default_route_table_propagation = default_route_table_propagation
        self.cidr_blocks = blocks
        self.vpn_ecmp_support = vpn_ecmp_support
        gateway = ec2.CfnTransitGateway(
            self,
            "Resource",
            amazon_side_asn=amazon_side_asn,
            transit_gateway_cidr_blocks=in_order(self, blocks) or None,
            tags=[name_tag(self, name)],
            **{prop: "enable" if value else "disable" for prop, value in switches.items()},
        )
        self.transit_gateway_id = gateway.ref

    @staticmethod
    def from_id(
        scope: Construct,
        construct_id: str,
        transit_gateway_id: str,
        *,
        amazon_side_asn: int | None = None,
        default_route_table_association: bool | None = None,
        default_route_table_propagation: bool | None = None,
        vpn_ecmp_support: bool | None = None,
        cidr_blocks: Sequence[str] | None = None,
    ) -> ExistingTransitGateway:
        """Use an existing transit gateway, of this account or shared with it.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            transit_gateway_id: ``tgw-…``.
            amazon_side_asn: Its ASN: one that a new gateway can have, or the 7224, 9059, 10124, 17493 or 17943 of a
                gateway from before 30 June 2018. Default: unknown, so only AWS can detect equal ASNs.
            default_route_table_association: Whether it associates each attachment with its default route table. If it
                does, :meth:`TransitGatewayRouteTable.associate` is rejected at synthesis. Default: unknown.
            default_route_table_propagation: Whether its default route table learns the routes of each attachment.
                Default: unknown.
            vpn_ecmp_support: Whether it spreads flows over equal paths. Default: unknown.
            cidr_blocks: Its blocks for private-IP VPN connections. Default: unknown.
        """
        return ExistingTransitGateway(
            scope,
            construct_id,
            transit_gateway_id,
            amazon_side_asn=amazon_side_asn,
            default_route_table_association=default_route_table_association,
            default_route_table_propagation=default_route_table_propagation,
            vpn_ecmp_support=vpn_ecmp_support,
            cidr_blocks=cidr_blocks,
        )


class ExistingTransitGateway(BaseTransitGateway):
    """A transit gateway that was created elsewhere; see :meth:`TransitGateway.from_id`."""

    check_asn = staticmethod(check_existing_amazon_side_asn)

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        transit_gateway_id: str,
        *,
        amazon_side_asn: int | None = None,
        default_route_table_association: bool | None = None,
        default_route_table_propagation: bool | None = None,
        vpn_ecmp_support: bool | None = None,
        cidr_blocks: Sequence[str] | None = None,
    ) -> None:
        switches = {
            "default_route_table_association": default_route_table_association,
            "default_route_table_propagation": default_route_table_propagation,
            "vpn_ecmp_support": vpn_ecmp_support,
        }
        for prop, value in switches.items():
            if value is not None:
                check_flag(prop, value)
        blocks = None if cidr_blocks is None else _check_cidr_blocks(cidr_blocks)
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        self.transit_gateway_id = check_resource_id("transit_gateway_id", transit_gateway_id, "tgw-")
        self.default_route_table_association = default_route_table_association
        self.default_route_table_propagation = default_route_table_propagation
        self.vpn_ecmp_support = vpn_ecmp_support
        self.cidr_blocks = blocks


def _check_cidr_blocks(blocks: Sequence[str]) -> tuple[str, ...]:
    remedy = "write them like ['10.200.0.0/24']"
    if is_list_token(blocks):
        return tuple(blocks)
    allowed = f"a list of at most {_CIDR_BLOCKS_MAXIMUM} networks"
    check_list("cidr_blocks", blocks, allowed, remedy, most=_CIDR_BLOCKS_MAXIMUM, error=AddressingError)
    for block in blocks:
        if is_token(block):
            continue
        network = literal_network("cidr_blocks", block, remedy)
        if network.prefixlen > (24 if network.version == 4 else 64):
            raise AddressingError("cidr_blocks", block, "/24 or larger for IPv4, /64 or larger for IPv6", remedy)
        if isinstance(network, ipaddress.IPv4Network) and network.overlaps(_LINK_LOCAL):
            raise AddressingError(
                "cidr_blocks", block, f"no address of {_LINK_LOCAL}, which tunnels use inside", remedy
            )
    return tuple(blocks)
