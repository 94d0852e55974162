"""Users' computers on the Internet, each attached to the network with a profile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

from vpn_lab.network.planning.addresses import stable_address

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
CLIENTS = IPv4Network("198.19.0.0/16")
"""Where the computers of users are."""


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
        return stable_address(CLIENTS, self.name)


def attach(folder: Path, name: str, profile: str) -> Client:
    """Write a client into the folder, where the follower finds it.

    Raises:
        ValueError: The name cannot be a node's, or the profile is not an OpenVPN profile.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"client {name!r} is not allowed; use up to 31 of a-z, 0-9 and '-'")
    if not re.search(r"^remote ", profile, re.MULTILINE):
        raise ValueError(
            "the profile has no line that begins with 'remote'; write one with: vpn-ops client-vpn profile"
        )
    path = _folder(folder) / f"{name}.ovpn"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(profile)
    return Client(name, profile)


def detach(folder: Path, name: str) -> None:
    """Remove a client.

    Raises:
        ValueError: There is no client of this name.
    """
    path = _folder(folder) / f"{name}.ovpn"
    if not NAME.fullmatch(name) or not path.exists():
        attached = ", ".join(one.name for one in clients(folder)) or "none"
        raise ValueError(f"there is no client {name!r}; attached: {attached}")
    path.unlink()


def clients(folder: Path) -> list[Client]:
    """Return the clients that are attached to the network with its files in a folder."""
    return [Client(path.stem, path.read_text()) for path in sorted(_folder(folder).glob("*.ovpn"))]


def _folder(folder: Path) -> Path:
    return folder / "clients"
