"""The Client VPN endpoints that the network can build, and the certificates with which their servers authenticate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Self

from vpn_lab.network.planning.addresses import stable_address
from vpn_model.client_vpn import ClientVpnAssociation, ClientVpnEndpoint
from vpn_model.hosts import Interface
from vpn_model.network import Network

MUTUAL_TLS = "certificate-authentication"
SERVERS = IPv4Network("198.18.0.0/16")
"""Where the endpoints' servers answer. RFC 2544 reserves it for laboratories; on AWS, only DNS has these addresses."""


@dataclass(frozen=True)
class ServerIdentity:
    """The certificates and the key of an endpoint's servers, which no AWS API returns."""

    certificate: str = field(repr=False)
    key: str = field(repr=False)
    chain: str = field(repr=False)
    client_authority: str = field(repr=False)
    revocation_list: str | None = field(repr=False)

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> Self:
        """Create them from the region's page about an endpoint."""
        return cls(page["certificate"], page["key"], page["chain"], page["client_authority"], page["revocation_list"])


def served(model: Network) -> list[ClientVpnEndpoint]:
    """Return the endpoints that the network builds: those with mutual TLS."""
    endpoints = model.client_vpn_endpoints.values()
    return [one for one in endpoints if MUTUAL_TLS in {way.kind for way in one.authentication}]


def associations(endpoint: ClientVpnEndpoint) -> list[ClientVpnAssociation]:
    """Return the associations of an endpoint, each of which has a server, in an order that does not change."""
    return sorted(endpoint.associations, key=lambda one: one.id)


def outside_address(association: ClientVpnAssociation) -> str:
    """Return where a server answers on the Internet; derived from the id, so that it never changes."""
    return stable_address(SERVERS, association.id)


def interface_of(model: Network, endpoint: ClientVpnEndpoint, association: ClientVpnAssociation) -> Interface:
    """Return the interface of an association: AWS names the endpoint in its description.

    Raises:
        KeyError: There is none, for example while the endpoint changes.
    """
    for one in model.interfaces.values():
        if one.subnet_id == association.subnet_id and endpoint.id in one.description:
            return one
    raise KeyError(association.id)


def interfaces(model: Network) -> set[str]:
    """Return the ids of the interfaces that belong to the endpoints that the network builds."""
    return {interface_of(model, endpoint, one).id for endpoint in served(model) for one in associations(endpoint)}
