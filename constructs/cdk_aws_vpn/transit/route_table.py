"""The route tables of a transit gateway: they decide which attachments reach each other."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.addressing import literal_network
from cdk_aws_vpn.checks.arguments import check_instance, check_resource_id
from cdk_aws_vpn.checks.texts import check_name
from cdk_aws_vpn.checks.tokens import is_placeholder, is_text_token
from cdk_aws_vpn.connection.routing import Static
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.identity import id_for, identity_of, what_it_is
from cdk_aws_vpn.foundation.names import as_construct_id, name_tag
from cdk_aws_vpn.foundation.places import check_same_app
from cdk_aws_vpn.foundation.quotas import TRANSIT_GATEWAY_ROUTE_TABLES
from cdk_aws_vpn.foundation.stack_census import claim, count_in_stack
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway
from cdk_aws_vpn.transit.attachments import (
    Attachment,
    attachment_id,
    attachment_identity,
    attachment_name,
    attachment_path,
    check_attachment,
)


class _BaseRouteTable(Construct):
    transit_gateway_route_table_id: str
    """Id of the route table, ``tgw-rtb-…``."""

    transit_gateway: BaseTransitGateway

    def associate(self, *attachments: Attachment) -> None:
        """Let this table decide where traffic from ``attachments`` goes.

        To a VPN connection with BGP, the gateway announces the routes of the connection's associated table.

        Args:
            attachments: VPC attachments, VPN connections on the gateway, and ids of other attachments,
                ``tgw-attach-…``.

        Raises:
            VpnConfigurationError: One belongs to another gateway, is already associated, or is automatically associated
                with the default route table of its gateway.
        """
        for attachment in self._checked(attachments):
            if self.transit_gateway.default_route_table_association:
                raise VpnConfigurationError(
                    "default_route_table_association",
                    True,
                    "False on a transit gateway whose attachments are associated with tables of their own",
                    "leave it out of a new TransitGateway; on an existing one, use its default route table",
                )
            earlier = claim(self, "association", attachment_identity(self, attachment))
            if earlier is not None:
                raise VpnConfigurationError(
                    "attachment",
                    attachment_path(attachment),
                    f"an attachment that is not yet associated; {earlier} has this one",
                    "associate it once; any number of tables may learn its routes",
                )
            ec2.CfnTransitGatewayRouteTableAssociation(
                self,
                as_construct_id(f"Association {attachment_name(self, attachment)}"),
                transit_gateway_attachment_id=attachment_id(attachment),
                transit_gateway_route_table_id=self.transit_gateway_route_table_id,
            )

    def propagate_from(self, *attachments: Attachment) -> None:
        """Let this table learn the routes of ``attachments``: a VPC's networks, or what a device announces by BGP.

        Args:
            attachments: VPC attachments, VPN connections on the gateway, and ids of other attachments,
                ``tgw-attach-…``.

        Raises:
            VpnConfigurationError: One belongs to another gateway, already propagates into this table, or is a VPN
                connection with static routing, which has nothing to propagate.
        """
        for attachment in self._checked(attachments):
            if isinstance(attachment, VpnConnection) and isinstance(attachment.routing, Static):
                raise VpnConfigurationError(
                    "attachment",
                    attachment.node.path,
                    "an attachment that announces routes; a static VPN connection does not",
                    "call route_to(connection) instead",
                )
            earlier = claim(self, "propagation", self._identity, attachment_identity(self, attachment))
            if earlier is not None:
                raise VpnConfigurationError(
                    "attachment", attachment_path(attachment), "each attachment once", "remove the second call"
                )
            ec2.CfnTransitGatewayRouteTablePropagation(
                self,
                as_construct_id(f"Propagation {attachment_name(self, attachment)}"),
                transit_gateway_attachment_id=attachment_id(attachment),
                transit_gateway_route_table_id=self.transit_gateway_route_table_id,
            )

    def route_to(self, connection: VpnConnection) -> None:
        """Add a route for each network of a VPN connection with static routing.

        Args:
            connection: A connection on the gateway, with ``routing=Static([...])``.

        Raises:
            VpnConfigurationError: The connection belongs to another gateway, or routes by BGP.
        """
        for attachment in self._checked((connection,), "connection"):
            if not isinstance(attachment, VpnConnection) or not isinstance(attachment.routing, Static):
                raise VpnConfigurationError(
                    "connection",
                    attachment_path(attachment),
                    "a VPN connection with Static([...])",
                    "call propagate_from(…)",
                )
            for prefix in attachment.routing.prefixes:
                self.add_route(prefix, attachment)

    def add_route(self, destination_cidr: str, attachment: Attachment) -> None:
        """Send traffic for a network to an attachment; such a route takes precedence over a learned one.

        Args:
            destination_cidr: The network, in CIDR notation.
            attachment: A VPC attachment, a VPN connection on the gateway, or the id of another attachment,
                ``tgw-attach-…``.

        Raises:
            VpnConfigurationError: The attachment belongs to another gateway.
            AddressingError: ``destination_cidr`` is not a network, or already has a route in this table.
        """
        for one in self._checked((attachment,)):
            self._route(destination_cidr, transit_gateway_attachment_id=attachment_id(one))

    def add_blackhole(self, destination_cidr: str) -> None:
        """Drop traffic for a network.

        Args:
            destination_cidr: The network, in CIDR notation.

        Raises:
            AddressingError: ``destination_cidr`` is not a network, or already has a route in this table.
        """
        self._route(destination_cidr, blackhole=True)

    def _route(
        self, cidr: str, *, transit_gateway_attachment_id: str | None = None, blackhole: bool | None = None
    ) -> None:
        if not is_text_token(cidr):
            literal_network("destination_cidr", cidr)
        earlier = claim(self, "route", self._identity, what_it_is(self, cidr))
        if earlier is not None and not is_placeholder(cidr):
            raise AddressingError(
                "destination_cidr", cidr, "one route per network in a route table", "remove the second one"
            )
        ec2.CfnTransitGatewayRoute(
            self,
            id_for(self, "Route", cidr),
            destination_cidr_block=cidr,
            transit_gateway_route_table_id=self.transit_gateway_route_table_id,
            transit_gateway_attachment_id=transit_gateway_attachment_id,
            blackhole=blackhole,
        )

    def _checked(self, attachments: tuple[Attachment, ...], prop: str = "attachment") -> Iterator[Attachment]:
        for attachment in attachments:
            check_attachment(self, self.transit_gateway, attachment, prop)
            yield attachment

    @property
    def _identity(self) -> str:
        return identity_of(self, self.transit_gateway_route_table_id)


class TransitGatewayRouteTable(_BaseRouteTable):
    """A route table of a transit gateway.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        transit_gateway: The transit gateway, new or existing.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        VpnConfigurationError: ``transit_gateway`` is something else.
        QuotaError: The stack has more route tables than AWS grants a transit gateway.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, transit_gateway: BaseTransitGateway, name: str | None = None
    ) -> None:
        _check_gateway(transit_gateway, scope)
        check_name("name", name)
        super().__init__(scope, construct_id)
        count_in_stack(self, TRANSIT_GATEWAY_ROUTE_TABLES, "TransitGatewayRouteTable")
        self.transit_gateway = transit_gateway
        table = ec2.CfnTransitGatewayRouteTable(
            self,
            "Resource",
            transit_gateway_id=transit_gateway.transit_gateway_id,
            tags=[name_tag(self, name)],
        )
        self.transit_gateway_route_table_id = table.ref

    @staticmethod
    def from_id(
        scope: Construct, construct_id: str, route_table_id: str, *, transit_gateway: BaseTransitGateway
    ) -> ExistingTransitGatewayRouteTable:
        """Use an existing route table.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            route_table_id: ``tgw-rtb-…``.
            transit_gateway: The transit gateway that it belongs to.
        """
        return ExistingTransitGatewayRouteTable(scope, construct_id, route_table_id, transit_gateway=transit_gateway)


class ExistingTransitGatewayRouteTable(_BaseRouteTable):
    """A route table that was created elsewhere; see :meth:`TransitGatewayRouteTable.from_id`."""

    def __init__(
        self, scope: Construct, construct_id: str, route_table_id: str, *, transit_gateway: BaseTransitGateway
    ) -> None:
        _check_gateway(transit_gateway, scope)
        super().__init__(scope, construct_id)
        self.transit_gateway = transit_gateway
        self.transit_gateway_route_table_id = check_resource_id("route_table_id", route_table_id, "tgw-rtb-")


def _check_gateway(value: BaseTransitGateway, scope: Construct) -> None:
    remedy = "make one with TransitGateway(…), or use TransitGateway.from_id(…)"
    check_instance("transit_gateway", value, BaseTransitGateway, remedy)
    check_same_app("transit_gateway", value, scope)
