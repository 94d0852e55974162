"""Addresses and port names of the cables that AWS does not show."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv4Network, ip_network

INTERNET = "100.64.0.1"
"""The Internet's router, on each of its cables."""
VPC_TO_INTERNET = "100.64.0.2"
"""A VPC's end of its cable to the Internet: the Internet gateway."""
GATEWAY_TO_VPC = "100.64.2.1"
VPC_TO_GATEWAY = "100.64.2.2"
TRANSIT_TO_VPC = "100.64.3.1"
"""A transit gateway, on each of its cables to a VPC."""
VPC_TO_TRANSIT = "100.64.3.2"
METADATA = "169.254.169.254"

INTERNET_NODE = "internet"
INTERNET_PORT = "igw"
GATEWAY_PORT = "vgw"
WIDE_AREA_PORT = "wan"
VPC_PORT = "vpc"


def port_of(identifier: str) -> str:
    """Return a port's name for what is behind it; Linux allows 15 characters."""
    kind, _, number = identifier.partition("-")
    return f"{kind[0]}{number[-12:]}"


def instance_port(device_index: int) -> str:
    """Return an interface's name on an instance, as current instance types name it."""
    return f"ens{5 + device_index}"


def subnet_router(cidr: str) -> str:
    """Return the address of the implicit router in a subnet."""
    return str(ip_network(cidr)[1])


def stable_address(network: IPv4Network, name: str) -> str:
    """Return an address of a network that belongs to a name, and never changes."""
    number = int.from_bytes(sha256(name.encode()).digest()[:4], "big")
    return str(network[1 + number % (network.num_addresses - 2)])
