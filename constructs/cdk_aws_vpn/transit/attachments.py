"""What a route table of a transit gateway takes as an attachment: a construct of this app, or the id of any other."""

from __future__ import annotations

from typing import TypeAlias

from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_resource_id
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import home_of, identity_of, what_it_is
from cdk_aws_vpn.foundation.names import name_seen_from, outermost_stack
from cdk_aws_vpn.foundation.places import path_of, stack_of
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway
from cdk_aws_vpn.transit.vpc_attachment import TransitGatewayVpcAttachment

Attachment: TypeAlias = TransitGatewayVpcAttachment | VpnConnection | str


def check_attachment(
    table: Construct, gateway: BaseTransitGateway, attachment: Attachment, prop: str = "attachment"
) -> None:
    """Check that a route table can use ``attachment``.

    Raises:
        VpnConfigurationError: It is something else, belongs to another gateway, or is in a stack that depends on the
            table's.
    """
    if isinstance(attachment, str):
        check_resource_id(prop, attachment, "tgw-attach-")
        return
    if not isinstance(attachment, TransitGatewayVpcAttachment | VpnConnection):
        raise VpnConfigurationError(
            prop,
            attachment,
            "TransitGatewayVpcAttachment, VpnConnection or the id of an attachment",
            "attach a VPC with TransitGatewayVpcAttachment(…), or end a VpnConnection on the gateway",
        )
    if attachment.gateway.identity != gateway.identity:
        raise VpnConfigurationError(
            prop,
            attachment.node.path,
            f"an attachment of the table's own gateway, {gateway.node.path}",
            "use a route table of the gateway that it is attached to",
        )
    _check_direction(table, attachment)


def _check_direction(table: Construct, attachment: TransitGatewayVpcAttachment | VpnConnection) -> None:
    """Check that the stacks would not depend on each other: a gateway's stack comes before those that use it."""
    mine, theirs = (path_of(outermost_stack(stack_of(one))) for one in (table, attachment))
    origin = home_of(attachment.gateway.gateway_id)
    if mine == theirs or origin is None or path_of(outermost_stack(origin)) != mine:
        return
    raise VpnConfigurationError(
        "attachment",
        attachment.node.path,
        f"one in a stack that {mine} may depend on; {theirs} uses the transit gateway of {mine}, and then the two "
        "would depend on each other",
        f"call this method in {theirs}, on TransitGatewayRouteTable.from_id(scope, id, "
        "table.transit_gateway_route_table_id, transit_gateway=…)",
    )


def attachment_id(attachment: Attachment) -> str:
    """Return the id, ``tgw-attach-…``."""
    return attachment if isinstance(attachment, str) else attachment.transit_gateway_attachment_id


def attachment_path(attachment: Attachment) -> str:
    """Return what to call an attachment in errors."""
    return attachment if isinstance(attachment, str) else path_of(attachment)


def attachment_name(table: Construct, attachment: Attachment) -> str:
    """Return what to call an attachment in ids of the table's children."""
    return what_it_is(table, attachment) if isinstance(attachment, str) else name_seen_from(table, attachment)


def attachment_identity(table: Construct, attachment: Attachment) -> str:
    """Return a text that an attachment has in every stack."""
    owner = table if isinstance(attachment, str) else attachment
    return identity_of(owner, attachment_id(attachment))
