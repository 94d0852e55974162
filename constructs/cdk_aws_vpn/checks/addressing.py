"""CIDR blocks, addresses and inside addresses: the rules, in pure Python.

Every ``check_*`` function lets a CDK token and the placeholder of a look-up pass, since their value is known only
later, returns the value it was given, and raises :class:`~cdk_aws_vpn.errors.AddressingError` for a literal that
breaks the rule. A network has one notation, ``10.60.0.0/16``: CloudFormation and AWS compare it as text.

Sources: "Tunnel options for your AWS Site-to-Site VPN connection", "Customer gateway options for your AWS
Site-to-Site VPN connection" and "VPC CIDR blocks" in the AWS documentation; RFC 1918, RFC 3927, RFC 4193.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Collection, Iterable, Sequence

from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.checks.tokens import is_list_token, is_placeholder, is_token, stand_in
from cdk_aws_vpn.errors import AddressingError

INSIDE_NETWORK = ipaddress.IPv4Network("169.254.0.0/16")
INSIDE_IPV6_NETWORK = ipaddress.IPv6Network("fd00::/8")

RESERVED_INSIDE_CIDRS = (
    "169.254.0.0/30",
    "169.254.1.0/30",
    "169.254.2.0/30",
    "169.254.3.0/30",
    "169.254.4.0/30",
    "169.254.5.0/30",
    "169.254.169.252/30",
)
"""Inside CIDR blocks that AWS reserves; the last one contains the address of the metadata service."""

_VPC_PREFIX_LENGTHS = range(16, 29)
_PREFIX_LENGTH = "a network with its prefix length, which is not a netmask and has no zero in front"
_NO_VPC = {
    "0.0.0.0/8": "which means this host",
    "127.0.0.0/8": "the loopback addresses",
    "169.254.0.0/16": "the link-local addresses, which the tunnels use inside",
    "224.0.0.0/4": "the multicast addresses",
}
"""What AWS does not accept as a block of a VPC ("VPC CIDR blocks")."""


def _check_text(prop: str, value: object, allowed: str, remedy: str) -> None:
    """Check that ``value`` is a text: Python would read numbers and bytes as addresses, and the CDK would not."""
    if not isinstance(value, str):
        raise AddressingError(prop, value, allowed, remedy)


def check_cidr(prop: str, value: str) -> str:
    """Check that ``value`` is an IPv4 network in CIDR notation with no host bit set."""
    _check_text(prop, value, "an IPv4 network in CIDR notation", "write it like '10.60.0.0/16'")
    if is_token(value):
        return value
    try:
        network = ipaddress.IPv4Network(value, strict=False)
        wrong = "/" not in value
    except (ValueError, TypeError):
        raise AddressingError(prop, value, "an IPv4 network in CIDR notation", "write it like '10.60.0.0/16'") from None
    if wrong:
        raise AddressingError(prop, value, "an IPv4 network with its prefix length", f"write '{network}'")
    if str(network.network_address) != value.split("/", maxsplit=1)[0]:
        raise AddressingError(prop, value, "a network address with no host bit set", f"write '{network}'")
    if value != str(network):
        raise AddressingError(prop, value, _PREFIX_LENGTH, f"write '{network}'")
    return value


def check_vpc_cidr(prop: str, value: str) -> str:
    """Check that ``value`` can be the primary CIDR block of a VPC: /16 to /28, and a range that AWS allows."""
    _check_text(prop, value, "an IPv4 network in CIDR notation", "write it like '10.60.0.0/16'")
    if is_token(value):
        return value
    check_cidr(prop, value)
    network = ipaddress.IPv4Network(value)
    if network.prefixlen not in _VPC_PREFIX_LENGTHS:
        raise AddressingError(prop, value, "a prefix length from /16 to /28", "choose a block like '10.60.0.0/16'")
    for block, use in _NO_VPC.items():
        if network.overlaps(ipaddress.IPv4Network(block)):
            raise AddressingError(
                prop, value, f"a block outside {block}, {use}", "choose a private block like '10.60.0.0/16'"
            )
    return value


def check_no_overlap(prop: str, values: Iterable[str]) -> None:
    """Check that no two of the CIDR blocks ``values`` share an address; tokens are left out."""
    networks = [literal_network(prop, value) for value in values if not is_token(value)]
    for position, network in enumerate(networks):
        for other in networks[:position]:
            if network.version == other.version and network.overlaps(other):
                raise AddressingError(
                    prop,
                    str(network),
                    f"a block that shares no address with {other}",
                    "give each network a range of its own; overlapping networks cannot be routed to each other",
                )


def literal_network(
    prop: str, value: str, remedy: str = "write it like '10.60.0.0/16'"
) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Return the IPv4 or IPv6 network that a literal stands for."""
    _check_text(prop, value, "a network in CIDR notation with no host bit set", remedy)
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        raise AddressingError(prop, value, "a network in CIDR notation with no host bit set", remedy) from None
    if str(network) != value:
        raise AddressingError(
            prop, value, "a network in its shortest notation, with its prefix length", f"write '{network}'"
        )
    return network


def check_address(prop: str, value: str, *, within: str | None = None) -> str:
    """Check that ``value`` is an IPv4 address and, when ``within`` is a literal block, one that AWS lets a host use.

    AWS reserves the first four addresses and the last one of every subnet.
    """
    _check_text(prop, value, "an IPv4 address", "write it like '10.60.0.100'")
    if is_token(value):
        return value
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        raise AddressingError(prop, value, "an IPv4 address", "write it like '10.60.0.100'") from None
    if within is not None and not is_token(within):
        network = ipaddress.IPv4Network(within)
        first, last = network[4], network[-2]
        if not first <= address <= last:
            raise AddressingError(
                prop,
                value,
                f"{first} to {last}, the usable addresses of {within}",
                "choose an address of the subnet that AWS does not reserve",
            )
    return value


def check_inside_cidr(prop: str, value: str) -> str:
    """Check that ``value`` is a /30 of 169.254.0.0/16 that AWS has not reserved."""
    _check_text(prop, value, "an IPv4 network in CIDR notation", "write it like '169.254.6.0/30'")
    if is_token(value):
        return value
    check_cidr(prop, value)
    network = ipaddress.IPv4Network(value)
    if network.prefixlen != 30 or not network.subnet_of(INSIDE_NETWORK):
        raise AddressingError(prop, value, "a /30 of 169.254.0.0/16", "choose a block like '169.254.6.0/30'")
    if value in RESERVED_INSIDE_CIDRS:
        raise AddressingError(
            prop,
            value,
            f"a /30 of 169.254.0.0/16 other than {', '.join(RESERVED_INSIDE_CIDRS)}, which AWS reserves",
            "choose a block like '169.254.6.0/30'",
        )
    return value


def check_inside_ipv6_cidr(prop: str, value: str) -> str:
    """Check that ``value`` is a /126 of fd00::/8."""
    _check_text(prop, value, "a /126 of fd00::/8", "write it like 'fd00::/126'")
    if is_token(value):
        return value
    network = literal_network(prop, value, "write it like 'fd00::/126'")
    if network.prefixlen != 126 or network.version != 6 or not network.subnet_of(INSIDE_IPV6_NETWORK):
        raise AddressingError(prop, value, "a /126 of fd00::/8", "choose a block like 'fd00:10::/126'")
    return value


def inside_addresses(inside_cidr: str) -> tuple[str, str]:
    """Return the Amazon side's and the customer gateway's address of an inside CIDR block, in this order.

    Raises:
        AddressingError: The block is known only at deployment, so that nothing can be computed from it.
    """
    block = stand_in(inside_cidr, "169.254.6.0/30")
    if is_token(block):
        raise AddressingError(
            "inside_cidr", "(a token)", "a literal /30 of 169.254.0.0/16", "write the block, or leave inside_cidr out"
        )
    network = ipaddress.IPv4Network(block)
    return str(network[1]), str(network[2])


def allocate_inside_cidrs(name: str, count: int, *, used: Collection[str] = ()) -> list[str]:
    """Choose ``count`` inside CIDR blocks for the connection called ``name``.

    The choice depends on the name alone, so adding or removing another connection moves nothing. Only when a block
    is taken already does the search go on to the next free one.

    Args:
        name: What identifies the connection, such as its construct path.
        count: How many blocks, 1 or more.
        used: Blocks that may not be chosen.

    Raises:
        AddressingError: Fewer than ``count`` blocks are free.
    """
    taken = {*RESERVED_INSIDE_CIDRS, *used}
    slots = 2 ** (30 - INSIDE_NETWORK.prefixlen)
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % slots
    chosen: list[str] = []
    for offset in range(slots):
        block = str(ipaddress.IPv4Network((int(INSIDE_NETWORK[0]) + 4 * ((start + offset) % slots), 30)))
        if block not in taken:
            chosen.append(block)
        if len(chosen) == count:
            return chosen
    raise AddressingError(
        "inside_cidr", count, f"{slots - len(taken)} free blocks", "spread the connections over more gateways"
    )


def check_prefixes(prop: str, values: Sequence[str]) -> tuple[str, ...]:
    """Check a list of networks: not empty, each valid, none twice."""
    allowed, remedy = "a list of one or more IPv4 networks", "write it like ['10.60.0.0/16']"
    check_list(prop, values, allowed, remedy, least=1, error=AddressingError)
    check_known_length(prop, values)
    for position, value in enumerate(values):
        check_cidr(prop, value)
        if value in values[:position] and not is_placeholder(value):
            raise AddressingError(prop, value, "each network once", "remove the second one")
    return tuple(values)


def check_known_length(prop: str, values: Sequence[str]) -> None:
    """Check that it is known at synthesis how many networks a list has: each becomes a resource or a rule."""
    if is_list_token(values):
        raise AddressingError(
            prop,
            "(a token)",
            "a list whose length is known at synthesis",
            "name the elements one by one, such as [Fn.select(0, networks), Fn.select(1, networks)]",
        )
