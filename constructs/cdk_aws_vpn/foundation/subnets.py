"""What is known about a VPC, its subnets and its route tables at synthesis.

An imported resource says only what its import was given, and a look-up returns placeholders until the CLI has completed
it, so no more is read of either than is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import IConstruct
from jsii.errors import JSIIError

from cdk_aws_vpn.checks.arguments import check_subnet
from cdk_aws_vpn.checks.tokens import LOOKED_UP_VPC, is_placeholder, is_token
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import reference_of
from cdk_aws_vpn.foundation.places import asked_once, node_of, path_of, root_of

_NOT_GIVEN = (JSIIError, RuntimeError)
"""The CDK's ways to say that an import was not given what is asked for."""


@asked_once
def subnet_cidr(subnet: ec2.ISubnet) -> str | None:
    """Return the block of ``subnet``; None for a subnet that was imported by its id alone."""
    try:
        return subnet.ipv4_cidr_block
    except _NOT_GIVEN:
        return None


@asked_once
def subnet_zone(subnet: ec2.ISubnet) -> str | None:
    """Return the Availability Zone of ``subnet``; None where it is not known at synthesis."""
    try:
        zone = subnet.availability_zone
    except _NOT_GIVEN:
        return None
    return None if is_placeholder(zone) else zone


def vpc_cidr(vpc: ec2.IVpc) -> str | None:
    """Return the block of ``vpc`` as the template writes it; None for a VPC that was imported without it."""
    resource = node_of(vpc).default_child
    if isinstance(resource, ec2.CfnVPC):
        return resource.cidr_block
    try:
        return vpc.vpc_cidr_block
    except _NOT_GIVEN:
        return None


def network_of(vpc: ec2.IVpc) -> list[str]:
    """Return the network behind a device that was given no ``local_prefixes``: the block of its VPC.

    Raises:
        VpnConfigurationError: The VPC was imported without its block.
    """
    try:
        return [vpc.vpc_cidr_block]
    except _NOT_GIVEN:
        raise VpnConfigurationError(
            "local_prefixes",
            None,
            "the networks behind the device: the import of the VPC does not say which it has",
            "give local_prefixes, or give vpc_cidr_block to Vpc.from_vpc_attributes(…)",
        ) from None


def is_vpc_looked_up(scope: IConstruct) -> bool:
    """Tell whether the app of ``scope`` looks up a VPC that the CLI has not found yet."""
    return any(getattr(each, "vpc_id", None) == LOOKED_UP_VPC for each in node_of(root_of(scope)).find_all())


def check_subnet_of(prop: str, subnet: ec2.ISubnet, vpc: ec2.IVpc) -> None:
    """Check that ``subnet`` is a subnet, and in ``vpc`` as far as that is known at synthesis.

    Raises:
        VpnConfigurationError: It is something else, or a subnet of another VPC.
    """
    check_subnet(prop, subnet)
    if _differ(_vpc_id_around(subnet), vpc):
        raise VpnConfigurationError(
            prop,
            path_of(subnet),
            f"a subnet of the VPC {path_of(vpc)}",
            "pass the VPC of the subnet, or one of its own",
        )


def check_public_subnet(prop: str, subnet: ec2.ISubnet, vpc: ec2.IVpc) -> None:
    """Check that ``subnet`` can have a route to an internet gateway, as far as that is known at synthesis.

    Raises:
        VpnConfigurationError: It is not a subnet, a private or isolated one, or one of another VPC.
    """
    check_subnet_of(prop, subnet, vpc)
    private = isinstance(subnet, ec2.PrivateSubnet)
    if not isinstance(subnet, ec2.Subnet) and not is_token(subnet.subnet_id):
        private = subnet.subnet_id in {each.subnet_id for each in (*vpc.private_subnets, *vpc.isolated_subnets)}
    if private:
        raise VpnConfigurationError(
            prop,
            path_of(subnet),
            "a subnet with a route to an internet gateway: the tunnels run over the internet",
            "pass one of vpc.public_subnets",
        )


def check_route_tables(prop: str, tables: Sequence[Any], vpc: ec2.IVpc | None = None) -> list[str]:
    """Return the ids of route tables of ``vpc``, or of any VPC for None, each one once.

    Raises:
        VpnConfigurationError: There is none, one has no id or is not a route table, or one belongs to another VPC.
    """
    remedy = "pass [subnet.route_table for subnet in vpc.private_subnets]"
    if isinstance(tables, str) or not isinstance(tables, Sequence) or not tables:
        raise VpnConfigurationError(prop, tables, "one or more route tables", "pass those of the private subnets")
    ids = []
    for table in tables:
        try:
            table_id = _route_table_id(table)
        except (AttributeError, TypeError):  # a TypeError if it cannot even be remembered, as a map
            raise VpnConfigurationError(prop, table, "a list of ec2.IRouteTable", remedy) from None
        except _NOT_GIVEN:
            raise VpnConfigurationError(
                prop,
                "without an id",
                "route tables whose id the import of their subnet was given",
                "give route_table_id, such as private_subnet_route_table_ids of Vpc.from_vpc_attributes(…)",
            ) from None
        if vpc is not None and _differ(_vpc_id_of(table_id, vpc), vpc):
            raise VpnConfigurationError(prop, table_id, f"route tables of the VPC {path_of(vpc)}", remedy)
        ids.append(table_id)
    return list(dict.fromkeys(ids))


@asked_once
def _route_table_id(table: ec2.IRouteTable) -> str:
    return str(table.route_table_id)


def _vpc_id_of(table_id: str, vpc: ec2.IVpc) -> str | None:
    """Return the id of the VPC that a route table belongs to; None where it is not known."""
    if not is_token(table_id):
        if _has(vpc, table_id):
            return None
        others = (each for each in node_of(root_of(vpc)).find_all() if each is not vpc and hasattr(each, "vpc_id"))
        return next((each.vpc_id for each in others if _has(each, table_id)), None)
    table = getattr(reference_of(table_id), "target", None)
    return table.vpc_id if isinstance(table, ec2.CfnRouteTable) else None


def _has(vpc: Any, table_id: str) -> bool:
    """Tell whether a subnet of ``vpc`` uses the route table."""
    for subnet in (*vpc.public_subnets, *vpc.private_subnets, *vpc.isolated_subnets):
        with suppress(*_NOT_GIVEN):
            if subnet.route_table.route_table_id == table_id:
                return True
    return False


@asked_once
def _id_of(vpc: ec2.IVpc) -> str:
    return vpc.vpc_id


@asked_once
def _vpc_id_around(subnet: ec2.ISubnet) -> str | None:
    """Return the id of the VPC that a subnet is a child of; None if it stands by itself."""
    return getattr(node_of(subnet).scope, "vpc_id", None)


def _differ(vpc_id: str | None, vpc: ec2.IVpc) -> bool:
    """Tell whether ``vpc_id`` is known to be that of another VPC."""
    mine = _id_of(vpc)
    if vpc_id is None or vpc_id == mine:
        return False
    one, other = _known(vpc_id), _known(mine)
    return None not in (one, other) and one != other


def _known(vpc_id: str) -> str | None:
    """Return what tells a VPC from others: its literal id, or the path of its resource in the app."""
    if not is_token(vpc_id):
        return vpc_id
    reference = reference_of(vpc_id)
    return None if reference is None else path_of(reference.target)
