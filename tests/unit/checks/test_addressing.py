"""CIDR blocks, addresses and inside addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import AddressingError
from cdk_aws_vpn.checks.addressing import (
    RESERVED_INSIDE_CIDRS,
    allocate_inside_cidrs,
    check_address,
    check_cidr,
    check_inside_cidr,
    check_inside_ipv6_cidr,
    check_no_overlap,
    check_prefixes,
    check_vpc_cidr,
    inside_addresses,
)
from cdk_aws_vpn.checks.outside_addresses import check_public_address
from tests import strategies as vpn

KNOWN_LATER = "${Token[Vpc.CidrBlock.42]}"


@given(vpn.cidrs())
def test_a_network_is_accepted_and_returned_as_it_was_written(cidr: str) -> None:
    assert check_cidr("cidr", cidr) == cidr


@given(vpn.unaligned_cidrs())
def test_a_network_with_a_host_bit_is_refused_with_the_network_that_was_meant(cidr: str) -> None:
    with pytest.raises(AddressingError) as raised:
        check_cidr("cidr", cidr)
    assert raised.value.remedy == f"write '{ipaddress.IPv4Network(cidr, strict=False)}'"


@pytest.mark.parametrize(
    "value",
    ["10.60.0.0", "10.60.0.0/33", "10.60.0/16", "10.60.0.0/", "10.60.0.0/16 ", "fd00::/64", "", "/16", "all", None, 10],
)
def test_what_is_no_ipv4_network_is_refused(value: Any) -> None:
    with pytest.raises(AddressingError, match=r"allowed: an? .*network"):
        check_cidr("cidr", value)


@pytest.mark.parametrize("length", ["255.255.0.0", "0.0.255.255", "016"])
@pytest.mark.parametrize("check", [check_cidr, check_vpc_cidr, lambda _, value: check_prefixes("x", [value])])
def test_a_network_is_written_with_its_prefix_length(check: Callable[[str, str], object], length: str) -> None:
    with pytest.raises(AddressingError) as raised:
        check("cidr", f"10.60.0.0/{length}")
    assert raised.value.remedy == "write '10.60.0.0/16'"


def test_a_reserved_inside_block_is_found_in_any_notation() -> None:
    with pytest.raises(AddressingError, match=r"write '169\.254\.0\.0/30'"):
        check_inside_cidr("inside_cidr", "169.254.0.0/255.255.255.252")


@pytest.mark.parametrize("value", ["fd00:0:0::/126", "FD00::/126", "fd00::/0126"])
def test_an_ipv6_network_has_one_notation(value: str) -> None:
    with pytest.raises(AddressingError, match=r"write (it like )?'fd00::/126'"):
        check_inside_ipv6_cidr("inside_ipv6_cidr", value)


@given(st.sampled_from([10, 11, 100, 172, 192, 203]), vpn.cidrs(16, 28))
def test_a_vpc_takes_a_block_from_16_to_28(first: int, cidr: str) -> None:
    block = f"{first}.{cidr.split('.', maxsplit=1)[1]}"
    assert check_vpc_cidr("cidr", block) == block


@given(vpn.cidrs(1, 15) | vpn.cidrs(29, 32))
def test_a_vpc_takes_no_larger_and_no_smaller_block(cidr: str) -> None:
    with pytest.raises(AddressingError, match="/16 to /28"):
        check_vpc_cidr("cidr", cidr)


@given(vpn.cidrs(), vpn.cidrs())
def test_two_networks_are_refused_exactly_when_they_share_an_address(one: str, other: str) -> None:
    first, second = ipaddress.IPv4Network(one), ipaddress.IPv4Network(other)
    shared = max(first[0], second[0]) <= min(first[-1], second[-1])
    if shared:
        with pytest.raises(AddressingError, match="shares no address"):
            check_no_overlap("cidr", [one, other])
    else:
        check_no_overlap("cidr", [one, other])


@pytest.mark.parametrize("value", ["cloud", "10.60.0.1/16", "", None])
def test_what_is_no_network_cannot_be_compared(value: Any) -> None:
    with pytest.raises(AddressingError, match="a network in CIDR notation"):
        check_no_overlap("cidr", ["10.60.0.0/16", value])


def test_networks_of_two_ip_versions_and_tokens_never_overlap() -> None:
    check_no_overlap("cidr", ["10.0.0.0/8", "fd00::/8", KNOWN_LATER, KNOWN_LATER])


@given(vpn.cidrs(16, 28), st.data())
def test_a_host_may_have_any_address_that_aws_does_not_keep(cidr: str, data: st.DataObject) -> None:
    network = ipaddress.IPv4Network(cidr)
    address = str(network[data.draw(st.integers(4, network.num_addresses - 2))])
    assert check_address("private_address", address, within=cidr) == address


@given(vpn.cidrs(16, 28), st.sampled_from([0, 1, 2, 3, -1]))
def test_the_first_four_addresses_of_a_subnet_and_the_last_are_refused(cidr: str, position: int) -> None:
    with pytest.raises(AddressingError, match="usable addresses"):
        check_address("private_address", str(ipaddress.IPv4Network(cidr)[position]), within=cidr)


def test_an_address_outside_its_subnet_is_refused_with_the_usable_range() -> None:
    with pytest.raises(AddressingError, match=r"10\.60\.0\.4 to 10\.60\.0\.254"):
        check_address("private_address", "10.60.1.100", within="10.60.0.0/24")


@pytest.mark.parametrize("value", ["10.60.0.256", "10.60.0", "cgw.example.com", "fd00::1", "", None])
def test_what_is_no_ipv4_address_is_refused(value: Any) -> None:
    with pytest.raises(AddressingError, match="an IPv4 address"):
        check_address("private_address", value)


@pytest.mark.parametrize("value", ["203.0.113.7", "198.51.100.1", "192.0.2.1", "8.8.8.8", KNOWN_LATER])
def test_a_customer_gateway_may_have_a_public_or_a_documentation_address(value: str) -> None:
    assert check_public_address("address", value) == value


@pytest.mark.parametrize("value", ["10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.6.2", "127.0.0.1"])
def test_a_customer_gateway_may_not_have_an_address_that_the_internet_does_not_see(value: str) -> None:
    with pytest.raises(AddressingError, match="a public IPv4 address"):
        check_public_address("address", value)


@given(vpn.inside_cidrs())
def test_every_inside_cidr_that_is_not_reserved_is_accepted(cidr: str) -> None:
    assert check_inside_cidr("inside_cidr", cidr) == cidr


@given(vpn.invalid_inside_cidrs())
def test_every_other_block_is_refused_as_an_inside_cidr(cidr: str) -> None:
    with pytest.raises(AddressingError) as raised:
        check_inside_cidr("inside_cidr", cidr)
    assert raised.value.property == "inside_cidr"


@pytest.mark.parametrize("cidr", ["fd00::/126", "fd00:10::4/126", "fdff:ffff::/126", KNOWN_LATER])
def test_an_ipv6_inside_block_is_a_126_of_fd00(cidr: str) -> None:
    assert check_inside_ipv6_cidr("inside_ipv6_cidr", cidr) == cidr


@pytest.mark.parametrize("cidr", ["fd00::/64", "fc00::/126", "2001:db8::/126", "fd00::1/126", "169.254.6.0/30", "x"])
def test_any_other_ipv6_inside_block_is_refused(cidr: str) -> None:
    with pytest.raises(AddressingError, match="inside_ipv6_cidr"):
        check_inside_ipv6_cidr("inside_ipv6_cidr", cidr)


@given(vpn.inside_cidrs())
def test_amazon_has_the_first_inside_address_and_the_customer_gateway_the_second(cidr: str) -> None:
    amazon, customer = (ipaddress.IPv4Address(address) for address in inside_addresses(cidr))
    network = ipaddress.IPv4Network(cidr)
    assert (int(amazon), int(customer)) == (int(network[0]) + 1, int(network[0]) + 2)


@given(vpn.connection_names(), st.integers(1, 4), st.sets(vpn.inside_cidrs(), max_size=20))
def test_allocated_blocks_are_usable_distinct_and_not_in_use(name: str, count: int, used: set[str]) -> None:
    chosen = allocate_inside_cidrs(name, count, used=used)
    assert len(set(chosen)) == count
    assert not used.intersection(chosen)
    for block in chosen:
        check_inside_cidr("inside_cidr", block)


@given(st.lists(vpn.connection_names(), min_size=2, max_size=12, unique=True))
def test_connections_that_are_added_later_move_no_allocated_block(names: list[str]) -> None:
    def allocate(order: list[str]) -> dict[str, list[str]]:
        used: set[str] = set()
        blocks = {}
        for name in order:
            blocks[name] = allocate_inside_cidrs(name, 2, used=used)
            used.update(blocks[name])
        return blocks

    alone, together = allocate(names[:-1]), allocate(names)
    assert alone.items() <= together.items()
    assert len({block for pair in together.values() for block in pair}) == 2 * len(names)


@given(vpn.connection_names(), st.sets(vpn.inside_cidrs(), max_size=50))
def test_a_block_moves_only_when_it_is_taken(name: str, used: set[str]) -> None:
    wanted = allocate_inside_cidrs(name, 2)
    chosen = allocate_inside_cidrs(name, 2, used=used)
    assert (chosen == wanted) is not bool(used.intersection(wanted))


def test_allocation_finds_the_very_last_free_block() -> None:
    every = {f"169.254.{high}.{low}/30" for high in range(256) for low in range(0, 256, 4)}
    last = "169.254.77.4/30"
    assert allocate_inside_cidrs("any", 1, used=every - {last}) == [last]


def test_allocation_fails_when_too_few_blocks_are_free() -> None:
    every = {f"169.254.{high}.{low}/30" for high in range(256) for low in range(0, 256, 4)}
    free = {"169.254.77.4/30", *RESERVED_INSIDE_CIDRS}
    with pytest.raises(AddressingError, match="1 free blocks"):
        allocate_inside_cidrs("any", 2, used=every - free)


@given(st.lists(vpn.cidrs(), min_size=1, max_size=8, unique=True))
def test_a_list_of_networks_becomes_a_tuple(prefixes: list[str]) -> None:
    assert check_prefixes("prefixes", prefixes) == tuple(prefixes)


@pytest.mark.parametrize("value", [[], (), "10.60.0.0/16", ["10.60.0.0/16", "10.60.0.0/16"], ["10.60.0.1/16"]])
def test_a_list_of_networks_is_neither_empty_nor_text_nor_repetitive(value: Any) -> None:
    with pytest.raises(AddressingError, match="prefixes"):
        check_prefixes("prefixes", value)


def test_the_networks_of_two_vpcs_that_are_looked_up_have_the_same_placeholder() -> None:
    assert check_prefixes("prefixes", ["1.2.3.4/5", "1.2.3.4/5"]) == ("1.2.3.4/5", "1.2.3.4/5")
    check_no_overlap("prefixes", ["1.2.3.4/5", "1.2.3.4/5"])
    assert inside_addresses("dummy-value-for-/net/inside") == ("169.254.6.1", "169.254.6.2")


def test_a_list_without_a_length_cannot_become_routes() -> None:
    with pytest.raises(AddressingError, match="a list whose length is known") as raised:
        check_prefixes("prefixes", ["#{Token[TOKEN.4]}"])
    assert raised.value.value == "(a token)"


@pytest.mark.parametrize("value", ["10.50.0.0/16 {{resolve:ssm:x}}\nEOF\n", "${Token["])
def test_a_forged_token_is_no_network(value: str) -> None:
    with pytest.raises(AddressingError, match="an IPv4 network"):
        check_cidr("cidr", value)


@pytest.mark.parametrize(
    "check",
    [check_cidr, check_vpc_cidr, check_address, check_public_address, check_inside_cidr, check_inside_ipv6_cidr],
)
def test_text_that_is_known_only_at_deployment_is_not_judged(check: Callable[[str, str], str]) -> None:
    assert check("property", KNOWN_LATER) == KNOWN_LATER
