"""Queries charon through its own socket (VICI): starting swanctl takes a tenth of a second here."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import vici

ANSWER_SECONDS = 10
# the parts of a security association, in VICI's terms
FACTS = ("version", "state", "encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group", "uniqueid")
COUNTERS = ("bytes-in", "bytes-out")
INSTALLED = (b"INSTALLED", b"REKEYING", b"REKEYED")

Association = dict[str, str]


class Charon:
    """One charon. Each query opens a new connection, so that charon may be restarted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def associations(self) -> dict[str, dict[str, Association]]:
        """Return the established security associations by connection: ``ike`` and, once installed, ``esp``."""
        with self._connected() as link:
            return in_force(vici.Session(link).list_sas())

    def rekey(self, name: str, kind: str) -> None:
        """Negotiate new keys for a connection's ``ike`` or ``child`` association."""
        with self._connected() as link:
            vici.Session(link).rekey({kind: name})

    def _connected(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(ANSWER_SECONDS)
        link.connect(str(self._path))
        return link


def in_force(listed: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Association]]:
    """Return those associations of a list that are established."""
    found: dict[str, dict[str, Association]] = {}
    for entry in listed:
        for name, ike in entry.items():
            associations = found.setdefault(name, {})
            if ike.get("state") == b"ESTABLISHED":
                associations["ike"] = _facts(ike)
            for child in ike.get("child-sas", {}).values():
                if child.get("state") in INSTALLED:
                    associations["esp"] = _facts(child)
    return found


def _facts(values: Mapping[str, Any]) -> Association:
    return {name: values[name].decode() for name in (*FACTS, *COUNTERS) if name in values}
