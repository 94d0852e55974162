"""What the machine is asked to build, as JSON: nodes, the cables between them, and what each of them is set up with.

The host makes a plan of what it read from the region; the machine makes reality of the plan, and changes only what
differs from the plan before. Both sides import these types and nothing else of one another.
"""

from __future__ import annotations

from typing import Literal, TypedDict

# AWS prefers one tunnel of a connection for what the customer sends, and says so by MED; a replacement moves it.
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
    """Of the connection in IKE and of the interface."""
    connection: str
    outside_address: str
    device_address: str
    aws_address: str
    number: int
    """Interface id of the security associations; unique in the gateway."""
    mtu: int
    med: int
    """Announced with the routes of AWS's side, while nothing is replaced."""
    static_prefixes: list[str]


class TransitTable(TypedDict):
    """One route table of a transit gateway, as far as it depends on tunnels."""

    number: int
    """Of the kernel's table."""
    ecmp: bool
    """Whether flows are spread over equal paths."""
    fixed: list[str]
    """Networks that it knows already, so that nothing is learned about them."""
    static: dict[str, list[str]]
    """Networks that are sent through one of some tunnels, whichever works."""
    learns_from: list[str]
    """Tunnels whose announced networks it takes."""


class Node(TypedDict):
    """One node. Lists hold arguments of ``ip route`` and ``ip rule``, as a person would type them."""

    kind: Kind
    addresses: dict[str, list[str]]
    """By port; ``lo`` always exists."""
    routes: list[str]
    rules: list[str]
    firewall: str
    """For ``nft -f``; replaces everything there was."""
    files: dict[str, str]
    tunnels: list[Tunnel]
    transit: list[TransitTable]
    """Of a transit gateway: its route tables."""
    metadata: dict[str, dict[str, str]]
    """Of a router: what the metadata service answers, by source address and path."""
    names: dict[str, list[str]]
    """Of a client: host names, and the addresses that the Internet's name servers tell for them."""
    running: bool
    boots: int
    """How often the instance has been started; one more, and the node starts again."""


class Plan(TypedDict):
    """The whole network."""

    nodes: dict[str, Node]
    cables: list[Cable]
    region_port: int
    """Where programs on the nodes find the region, at 127.0.0.1."""


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
