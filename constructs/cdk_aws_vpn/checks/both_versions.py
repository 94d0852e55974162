"""Lists of networks of IPv4 and of IPv6."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_aws_vpn.checks.addressing import check_prefixes, literal_network
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import AddressingError


def split_versions(prop: str, values: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Check a list of IPv4 and IPv6 networks: not empty, each valid, none twice. Return those of each version."""
    allowed, remedy = "a list of one or more networks", "write it like ['10.60.0.0/16']"
    check_list(prop, values, allowed, remedy, least=1, error=AddressingError)
    ipv6 = tuple(value for value in values if isinstance(value, str) and ":" in value and not is_token(value))
    for position, value in enumerate(ipv6):
        literal_network(prop, value, "write it like '2001:db8::/32'")
        if value in ipv6[:position]:
            raise AddressingError(prop, value, "each network once", "remove the second one")
    ipv4 = [value for value in values if value not in ipv6]
    return (check_prefixes(prop, ipv4) if ipv4 else ()), ipv6
