"""Bad addresses and ASNs of gateways."""

from __future__ import annotations

from typing import Any

from cdk_aws_vpn import CustomerGateway, TransitGateway, VirtualPrivateGateway
from tests.constructs.bad_input import Bad, address
from tests.constructs.site import Site

PRIVATE = "64512 to 65534, or 4200000000 to 4294967294"
PUBLIC = "a public IPv4 address"


def gateway_address(behaviour: str, value: Any, allowed: str, remedy: str) -> Bad:
    return address(
        f"a customer gateway {behaviour}",
        lambda s: s.make(CustomerGateway, address=value),
        "address",
        value,
        allowed,
        remedy,
    )


def gateway_asn(behaviour: str, value: Any, allowed: str) -> Bad:
    return address(
        f"a customer gateway {behaviour}",
        lambda s: s.make(CustomerGateway, address="203.0.113.9", bgp_asn=value),
        "bgp_asn",
        value,
        allowed,
        "use a private one",
    )


def two_alike(site: Site) -> None:
    for name in ("First", "Second"):
        CustomerGateway(site.stack, name, address="203.0.113.9", bgp_asn=65010)


def amazon_asn(behaviour: str, value: Any) -> Bad:
    return address(
        f"a virtual private gateway {behaviour}",
        lambda s: s.make(VirtualPrivateGateway, vpc=s.vpc, amazon_side_asn=value),
        "amazon_side_asn",
        value,
        PRIVATE,
        "use 64512",
    )


BAD_GATEWAYS = [
    address(
        "a second customer gateway of the same address and asn",
        two_alike,
        "address",
        "203.0.113.9",
        "one customer gateway per address",
        "use that one",
    ),
    gateway_address("with a private address", "192.168.0.7", PUBLIC, "behind NAT"),
    gateway_address("with an address of carrier-grade nat", "100.64.0.7", PUBLIC, "behind NAT"),
    gateway_address("with a loopback address", "127.0.0.1", PUBLIC, "behind NAT"),
    gateway_address("with a host name", "vpn.example.com", "an IPv4 address", "write it like"),
    gateway_address("with an ipv6 address", "2001:db8::7", "an IPv4 address", "write it like"),
    gateway_address("with a network for an address", "203.0.113.0/24", "an IPv4 address", "write it like"),
    gateway_address("without an address", None, "an IPv4 address", "write it like"),
    gateway_asn("with asn 0", 0, "1 to 4294967294"),
    gateway_asn("with a negative asn", -65000, "1 to 4294967294"),
    gateway_asn("with the largest number of 32 bits", 4294967295, "1 to 4294967294"),
    gateway_asn("with an asn of 33 bits", 4294967296, "1 to 4294967294"),
    gateway_asn("with text for an asn", "65000", "a whole number"),
    gateway_asn("with amazon's asn", 7224, "reserved in every Region"),
    gateway_asn("with the asn reserved in ireland", 9059, "reserved in eu-west-1"),
    gateway_asn("with the asn reserved in tokyo", 10124, "reserved in ap-northeast-1"),
    gateway_asn("with the asn reserved in singapore", 17943, "reserved in ap-southeast-1"),
    amazon_asn("with a public asn", 3356),
    amazon_asn("with the last 16-bit asn", 65535),
    amazon_asn("with text for an asn", "64512"),
    address(
        "a transit gateway with a public asn",
        lambda s: s.make(TransitGateway, amazon_side_asn=100),
        "amazon_side_asn",
        100,
        PRIVATE,
        "use 64512",
    ),
    address(
        "bgp between two ends of the same asn",
        lambda s: s.connection(customer_gateway=CustomerGateway(s.stack, "Same", address="203.0.113.8", bgp_asn=64512)),
        "bgp_asn",
        64512,
        "other than the gateway's amazon_side_asn 64512",
        "change one of the two",
    ),
]
