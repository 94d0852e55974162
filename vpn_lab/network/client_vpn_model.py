"""A Client VPN endpoint as the region says it was deployed, and the computers that connect to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv4Network

SERVERS = IPv4Network("198.18.0.0/16")
"""Where the endpoints' servers answer; RFC 2544 keeps it for laboratories. In AWS only DNS tells these addresses."""
CLIENTS = IPv4Network("198.19.0.0/16")
"""Where the computers of users are."""


@dataclass(frozen=True)
class Association:
    """A target network: a server of the endpoint, with an interface in a subnet."""

    id: str
    subnet_id: str
    interface_id: str

    @property
    def outside_address(self) -> str:
        """Where it answers on the Internet; of the id, so that it never changes."""
        return _of(SERVERS, self.id)


@dataclass(frozen=True)
class ClientVpn:
    """One endpoint with mutual TLS."""

    id: str
    host_name: str
    """What clients connect to, behind a label of their own choice."""
    client_cidr: str
    protocol: str
    port: int
    split_tunnel: bool
    dns_servers: tuple[str, ...]
    associations: tuple[Association, ...]
    routes: tuple[tuple[str, str], ...]
    """Destination and subnet."""
    authorized: tuple[str, ...]
    """The networks that everyone may enter."""
    certificate: str = field(repr=False)
    key: str = field(repr=False)
    chain: str = field(repr=False)
    client_authority: str = field(repr=False)
    revocation_list: str | None = field(repr=False)


@dataclass(frozen=True)
class Client:
    """A user's computer on the Internet, with a profile."""

    name: str
    profile: str = field(repr=False)

    @property
    def node(self) -> str:
        return f"client-{self.name}"

    @property
    def address(self) -> str:
        return _of(CLIENTS, self.name)


def _of(network: IPv4Network, name: str) -> str:
    """An address of a network that belongs to a name."""
    number = int.from_bytes(sha256(name.encode()).digest()[:4], "big")
    return str(network[1 + number % (network.num_addresses - 2)])
