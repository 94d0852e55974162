"""What customer gateway devices do: it is in their user data and roles, and the EC2 API does not show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DevicePair:
    """Two devices that know each other as partners."""

    first: str
    """The id of one instance."""
    second: str
    protocols: tuple[str, ...]
    """The protocols between them: ``VRRP``, ``iBGP``."""


@dataclass(frozen=True)
class Devices:
    """The devices of a network. Instances, addresses and route tables are named by their ids."""

    tunnels: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The instances that bring up a tunnel, by the connection's id and the tunnel's number: 1 or 2."""
    pairs: tuple[DevicePair, ...] = ()
    may_take_address: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The instances that are allowed to associate an Elastic IP, by its id. No entry: none is."""
    may_take_routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The instances that are allowed to replace the routes of a route table, by its id. No entry: none is."""
