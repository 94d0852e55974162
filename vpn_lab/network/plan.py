"""The plan that the machine builds, as JSON: nodes, the cables between them, and the configuration of each node.

The host makes a plan from what it has read from the region. The machine builds it, and changes only what differs from
the previous plan. These types are all that the two sides share.
"""

from __future__ import annotations

from typing import Literal, TypedDict

# AWS announces with the MED through which tunnel of a connection the customer should send; a replacement changes it.
MED = (100, 200)
PREFERRED_MED = 50

Kind = Literal["router", "host", "system", "gateway", "client-vpn", "client"]


class Cable(TypedDict):
    """A point-to-point cable: node and port at either end."""

    a: tuple[str, str]
    b: tuple[str, str]


class Tunnel(TypedDict):
    """One tunnel of a gateway, seen from AWS's side."""

    name: str
    """Name of the IKE connection and of the interface."""
    connection: str
    outside_address: str
    device_address: str
    aws_address: str
    number: int
    """Interface id of the security associations; unique in the gateway."""
    mtu: int
    med: int
    """MED of the routes that AWS announces, except during a replacement."""
    static_prefixes: list[str]


class TransitTable(TypedDict):
    """The part of a transit gateway's route table that depends on tunnels."""

    number: int
    """Number of the kernel's table."""
    ecmp: bool
    """Whether flows are spread over equal paths."""
    fixed: list[str]
    """Networks with routes that do not come from BGP; what BGP learns about them is ignored."""
    static: dict[str, list[str]]
    """Static routes: networks, each with the tunnels that may carry it; one that works is used."""
    learns_from: list[str]
    """Tunnels whose announced networks the table learns."""


class Node(TypedDict):
    """One node. Lists contain arguments of ``ip route`` and ``ip rule``, as typed on a command line."""

    kind: Kind
    addresses: dict[str, list[str]]
    """By port; ``lo`` always exists."""
    routes: list[str]
    rules: list[str]
    firewall: str
    """Input of ``nft -f``, which replaces all earlier rules."""
    files: dict[str, str]
    tunnels: list[Tunnel]
    transit: list[TransitTable]
    """The route tables, if the node is a transit gateway."""
    metadata: dict[str, dict[str, str]]
    """The answers of the metadata service by source address and path, if the node is a router."""
    names: dict[str, list[str]]
    """Host names with their addresses in DNS, if the node is a client."""
    running: bool
    boots: int
    """How often the instance has been started; when it increases, the node restarts."""


class Plan(TypedDict):
    """The whole network."""

    nodes: dict[str, Node]
    cables: list[Cable]
    region_port: int
    """Port at 127.0.0.1 at which programs on the nodes reach the region."""


def node(kind: Kind) -> Node:
    """Return a node with nothing on it."""
    return {
        "kind": kind,
        "addresses": {},
        "routes": [],
        "rules": [],
        "firewall": "",
        "files": {},
        "tunnels": [],
        "transit": [],
        "metadata": {},
        "names": {},
        "running": True,
        "boots": 1,
    }
