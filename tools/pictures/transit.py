"""Finds the transit gateways of a template, what is attached to them, and their route tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tools.pictures.network import Gateway, TransitTable
from tools.pictures.subnets import short_name
from tools.template import Resource, Template

VPC_ATTACHMENTS = ("EC2::TransitGatewayAttachment", "EC2::TransitGatewayVpcAttachment")


def attached_vpcs(template: Template) -> set[str]:
    """The VPCs that a transit gateway of the template reaches."""
    found = (template.target(attachment["VpcId"]) for attachment in template.of_type(*VPC_ATTACHMENTS))
    return {vpc.logical_id for vpc in found if vpc}


def transit_gateways(template: Template) -> Iterator[Gateway]:
    for gateway in template.of_type("EC2::TransitGateway"):
        mine = [
            one for one in template.of_type(*VPC_ATTACHMENTS) if template.target(one["TransitGatewayId"]) is gateway
        ]
        subnets = (subnet for one in mine for subnet in map(template.target, one["SubnetIds"] or ()))
        yield Gateway(
            id=gateway.logical_id,
            kind="transit gateway",
            asn=template.text(gateway["AmazonSideAsn"] or 64512),
            vpc=None,
            ecmp=gateway["VpnEcmpSupport"] != "disable",
            subnets=tuple(subnet.logical_id for subnet in subnets if subnet),
            tables=tuple(
                TransitTable(
                    short_name(template, table),
                    tuple(_related(template, table, "Association")),
                    tuple(_related(template, table, "Propagation")),
                )
                for table in template.of_type("EC2::TransitGatewayRouteTable")
                if template.target(table["TransitGatewayId"]) is gateway
            ),
        )


def _related(template: Template, table: Resource, relation: str) -> Iterator[str]:
    for one in template.of_type(f"EC2::TransitGatewayRouteTable{relation}"):
        if template.target(one["TransitGatewayRouteTableId"]) is table:
            yield _attached(template, one["TransitGatewayAttachmentId"])


def _attached(template: Template, attachment: Any) -> str:
    """The name of what is attached: a VPC's, or that of the connection that an attachment was looked up for."""
    found = template.target(attachment)
    if found is None:
        return template.text(attachment)
    inner = template.target(found["VpcId"] or found["VpnConnectionId"])
    return short_name(template, inner or found)
