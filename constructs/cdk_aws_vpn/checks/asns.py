"""Autonomous system numbers: the rules, in pure Python.

A CDK token passes every check, since its value is known only at deployment.

Sources: "Customer gateway options for your AWS Site-to-Site VPN connection" and "AWS managed VPN connections" in the
AWS documentation; RFC 6996.
"""

from __future__ import annotations

from cdk_aws_vpn.checks.arguments import check_whole_number
from cdk_aws_vpn.checks.tokens import is_number_token
from cdk_aws_vpn.errors import AddressingError

RESERVED_ASNS = {7224: "every Region", 9059: "eu-west-1", 10124: "ap-northeast-1", 17943: "ap-southeast-1"}
"""Autonomous system numbers that AWS uses itself, and where."""

FORMER_AMAZON_SIDE_ASNS = (7224, 9059, 10124, 17493, 17943)
"""ASNs that gateways created before 30 June 2018 may have. For Singapore the sources name both 17493 and 17943."""

MAX_ASN = 2**32 - 2
"""4294967295 is reserved (RFC 7300), and the schema of CloudFormation ends before it."""
_PRIVATE_ASN_RANGES = (range(64512, 65535), range(4200000000, 4294967295))


def check_bgp_asn(prop: str, value: int) -> int:
    """Check that ``value`` can be the autonomous system number of a customer gateway: 1 to 4294967294."""
    remedy = "use a private one, 64512 to 65534, when in doubt"
    check_whole_number(prop, value, 1, MAX_ASN, remedy, known_later=True, error=AddressingError)
    if value in RESERVED_ASNS:
        raise AddressingError(
            prop,
            value,
            f"any ASN that AWS does not reserve ({value} is reserved in {RESERVED_ASNS[value]})",
            "use a private one, 64512 to 65534",
        )
    return value


def check_amazon_side_asn(prop: str, value: int) -> int:
    """Check that ``value`` can be the Amazon side's ASN: 64512 to 65534 or 4200000000 to 4294967294 (RFC 6996)."""
    if is_number_token(value):
        return value
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not any(value in numbers for numbers in _PRIVATE_ASN_RANGES):
        raise AddressingError(
            prop, value, "64512 to 65534, or 4200000000 to 4294967294", "use 64512, the default, or another private ASN"
        )
    return value


def check_existing_amazon_side_asn(prop: str, value: int) -> int:
    """Check that ``value`` can be the ASN of a gateway that exists: one for a new gateway, or one that Amazon gave."""
    return value if value in FORMER_AMAZON_SIDE_ASNS else check_amazon_side_asn(prop, value)


def check_asns_differ(customer_gateway_asn: int, amazon_side_asn: int) -> None:
    """Check that the two ends of a BGP session are different autonomous systems, as external BGP needs."""
    if is_number_token(customer_gateway_asn) or is_number_token(amazon_side_asn):
        return
    if customer_gateway_asn == amazon_side_asn:
        raise AddressingError(
            "bgp_asn",
            customer_gateway_asn,
            f"an ASN other than the gateway's amazon_side_asn {amazon_side_asn}",
            "change one of the two; AWS VPN speaks external BGP only",
        )
