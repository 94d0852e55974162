"""Public addresses that nobody uses: the documentation ranges of RFC 5737, one range per purpose."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

ELASTIC = IPv4Network("203.0.113.0/24")
"""Elastic addresses of the account."""

TUNNEL_ENDPOINTS = (IPv4Network("198.51.100.0/24"), IPv4Network("192.0.2.0/24"))
"""Outside addresses of tunnel 1 and tunnel 2: AWS puts the two in different Availability Zones."""


class PoolExhaustedError(RuntimeError):
    def __init__(self, pool: IPv4Network) -> None:
        super().__init__(f"all addresses of {pool} are in use; delete what is no longer needed")


def first_free(pool: IPv4Network, used: Iterable[str]) -> str:
    taken = set(used)
    for address in pool.hosts():
        if str(address) not in taken:
            return str(address)
    raise PoolExhaustedError(pool)
