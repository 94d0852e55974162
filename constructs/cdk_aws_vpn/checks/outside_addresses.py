"""The outside address of a customer gateway, on the internet or behind AWS Direct Connect.

A CDK token passes every check, since its value is known only at deployment.

Source: "Customer gateway options for your AWS Site-to-Site VPN connection" in the AWS documentation.
"""

from __future__ import annotations

import ipaddress

from cdk_aws_vpn.checks.addressing import check_address
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import AddressingError

_PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""RFC 1918 and RFC 6598."""
_NO_DEVICE_BLOCKS = ("224.0.0.0/4", "192.88.99.0/24")
"""Multicast (RFC 5771), and the addresses of the former 6to4 relays (RFC 7526): no device has one of them."""
_DOCUMENTATION_BLOCKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
"""RFC 5737: not routable, and accepted so that examples and tests can be written."""


def check_public_address(prop: str, value: str) -> str:
    """Check that ``value`` can be the address of a customer gateway on the internet."""
    check_address(prop, value)
    if is_token(value):
        return value
    address = ipaddress.IPv4Address(value)
    documentation = any(address in ipaddress.IPv4Network(block) for block in _DOCUMENTATION_BLOCKS)
    nobody = any(address in ipaddress.IPv4Network(block) for block in _NO_DEVICE_BLOCKS)
    if nobody or not (address.is_global or documentation):
        raise AddressingError(
            prop,
            value,
            "a public IPv4 address that does not change",
            "give the device's address on the internet; behind NAT, the address of the NAT device",
        )
    return value


def check_private_address(prop: str, value: str) -> str:
    """Check that ``value`` can be the address of a customer gateway behind AWS Direct Connect."""
    check_address(prop, value)
    if is_token(value):
        return value
    if not any(ipaddress.IPv4Address(value) in ipaddress.IPv4Network(block) for block in _PRIVATE_BLOCKS):
        raise AddressingError(
            prop,
            value,
            f"a private IPv4 address in {', '.join(_PRIVATE_BLOCKS)}",
            "give the address that the device has on Direct Connect, or leave outside_ip_address_type out",
        )
    return value
