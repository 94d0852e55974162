"""The keys of one region: an access key for the AWS APIs and a token for the control pages.

They are random, and they are in a file of the state directory that only its owner can read. A region that starts again
in the same directory keeps them.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from vpn_lab.region.errors import RegionError

FILE = "keys.json"
TOKEN_HEADER = "x-region-token"  # noqa: S105 -- the name of a header


@dataclass(frozen=True)
class Keys:
    """The access key of the account's owner, and the token of the control pages."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not all(isinstance(value, str) and value for value in asdict(self).values()):
            raise TypeError("every key is a text")

    @classmethod
    def make(cls) -> Self:
        """Make random keys."""
        return cls(new_access_key_id("AKIA"), secrets.token_urlsafe(30), secrets.token_urlsafe(32))

    @classmethod
    def load(cls, state_dir: Path) -> Self:
        """Read the keys of a state directory.

        Raises:
            FileNotFoundError: It has none.
            RegionError: Others could have read or written them, or the file contains something else.
        """
        path = state_dir / FILE
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
                raise RegionError(
                    f"{path} must belong to you and have mode 0600, because it contains keys; stop the region, delete "
                    "the file, and start the region again"
                )
            try:
                return cls(**json.load(file))
            except (ValueError, TypeError):
                raise RegionError(f"{path} contains no keys; delete it, and start the region again") from None

    @classmethod
    def obtain(cls, state_dir: Path) -> Self:
        """Read the keys of a state directory, or make them if it has none."""
        try:
            return cls.load(state_dir)
        except FileNotFoundError:
            made = cls.make()
        partial = state_dir / f"{FILE}.partial"
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(made), file)
        partial.rename(state_dir / FILE)
        return made


def new_access_key_id(prefix: str) -> str:
    """Return a random access key id: ``AKIA`` for long-term keys, ``ASIA`` for temporary ones."""
    return prefix + base64.b32encode(secrets.token_bytes(10)).decode()
