"""Names for people, and ids for links."""

from __future__ import annotations

import re
from typing import Protocol

from vpn_model.unknown import Text, Unknown

ZONE = re.compile(r"\$\{GetAZs\.(\d+)\}")
UNSAFE = re.compile(r"[^A-Za-z0-9.-]")


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def short_name(thing: Named, stack: str = "") -> str:
    """The name of something, or its id; without what the picture says already: the stack, and what it stands in.

    The CDK names a resource after its path, which begins with the stack. A VPC's last part is mostly ``Vpc``.
    """
    if not stack or not thing.name.startswith(f"{stack}/"):
        return thing.name.strip() or thing.id
    parts = thing.name.removesuffix("/Vpc").split("/")
    return parts[-1].strip() or thing.id


def zone_name(zone: Text) -> str:
    """An Availability Zone as people say it: the first one of a Region that is not known is ``Availability Zone 1``."""
    found = ZONE.fullmatch(str(zone))
    if found:
        return f"Availability Zone {int(found[1]) + 1}"
    return "zone chosen by AWS" if str(zone).endswith(".AvailabilityZone}") else str(zone)


def known_or(value: Text | None, otherwise: str) -> str:
    """A value as text; another text for one that is known only after the deployment, or that is not there."""
    return otherwise if value is None or isinstance(value, Unknown) else str(value)


def element_id(prefix: str, *parts: str) -> str:
    """The id of an element. Different parts give different ids: what an id may not have in it becomes ``_2f_``."""
    return prefix + "__".join(UNSAFE.sub(lambda found: f"_{ord(found[0]):x}_", part) for part in parts)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts ``site-2`` before ``site-10``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple((int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts)
