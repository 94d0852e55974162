"""Asks charon through its own socket (VICI): starting swanctl for a question takes a tenth of a second here."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import vici

ANSWER_SECONDS = 10
# what an association is made of, in the words of VICI
FACTS = ("version", "state", "encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group", "uniqueid")
COUNTERS = ("bytes-in", "bytes-out")
INSTALLED = (b"INSTALLED", b"REKEYING", b"REKEYED")

Association = dict[str, str]


class Charon:
    """One charon, asked afresh each time, so that it may be restarted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def associations(self) -> dict[str, dict[str, Association]]:
        """Return the associations in force by connection, ``ike`` and (when it is installed) ``esp``."""
        with self._connected() as link:
            return in_force(vici.Session(link).list_sas())

    def rekey(self, name: str, kind: str) -> None:
        """Negotiate new keys for a connection: for its ``ike`` or its ``child`` association."""
        with self._connected() as link:
            vici.Session(link).rekey({kind: name})

    def _connected(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(ANSWER_SECONDS)
        link.connect(str(self._path))
        return link


def in_force(listed: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Association]]:
    """Return what a list of associations says of those that work."""
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
