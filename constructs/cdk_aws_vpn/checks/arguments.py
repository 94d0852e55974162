"""Checks the types of arguments, so that a wrong one is named before the CDK's JavaScript meets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import VpnConfigurationError

__all__ = ["check_construct", "check_flag", "check_instance", "check_route_tables", "check_subnet", "check_vpc"]


def check_flag(prop: str, value: object) -> None:
    """Check that ``value`` is True or False; the text "false" would count as true."""
    if not isinstance(value, bool):
        raise VpnConfigurationError(prop, value, "True or False", "write it without quotation marks")


def check_whole_number(prop: str, value: object, low: int, high: int, remedy: str) -> None:
    """Check that ``value`` is a token or a whole number from ``low`` to ``high``."""
    if is_token(value):
        return
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise VpnConfigurationError(prop, value, f"a whole number, {low} to {high}", remedy)


def check_instance(prop: str, value: object, expected: type | tuple[type, ...], remedy: str) -> None:
    """Check that ``value`` is an instance of a class of this library."""
    if not isinstance(value, expected):
        classes = expected if isinstance(expected, tuple) else (expected,)
        raise VpnConfigurationError(prop, value, " or ".join(each.__name__ for each in classes), remedy)


def check_construct(prop: str, value: object, *, attribute: str, allowed: str, remedy: str) -> None:
    """Check that ``value`` implements an interface of the CDK, which is known by an attribute."""
    if not hasattr(value, attribute):
        raise VpnConfigurationError(prop, value, allowed, remedy)


def check_vpc(prop: str, value: object) -> None:
    """Check that ``value`` is a VPC."""
    check_construct(
        prop,
        value,
        attribute="vpc_id",
        allowed="an ec2.IVpc",
        remedy="look an existing one up with ec2.Vpc.from_lookup(…) or name it with Vpc.from_vpc_attributes(…)",
    )


def check_subnet(prop: str, value: object) -> None:
    """Check that ``value`` is a subnet."""
    check_construct(
        prop,
        value,
        attribute="subnet_id",
        allowed="an ec2.ISubnet",
        remedy="pass one of the VPC's, or Subnet.from_subnet_attributes(…)",
    )


def check_route_tables(prop: str, value: Sequence[Any]) -> list[str]:
    """Return the ids of route tables, each one once.

    Raises:
        VpnConfigurationError: There is none, or one that is no route table.
    """
    if isinstance(value, str) or not value:
        raise VpnConfigurationError(prop, value, "one or more route tables", "pass those of the private subnets")
    for table in value:
        check_construct(
            prop,
            table,
            attribute="route_table_id",
            allowed="a list of ec2.IRouteTable",
            remedy="pass [subnet.route_table for subnet in vpc.private_subnets]",
        )
    return list(dict.fromkeys(table.route_table_id for table in value))
