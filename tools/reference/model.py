"""What the reference says of a public name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """A parameter. ``default`` is what happens without it; None if it must be given."""

    name: str
    type: str
    default: str | None
    text: str


@dataclass(frozen=True)
class Member:
    """A public property, attribute or method; ``call`` is how it is written."""

    name: str
    call: str
    text: str
    options: tuple[Option, ...] = ()
    raises: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Entry:
    """A public name: a class, a function or a value."""

    name: str
    module: str
    text: str
    options: tuple[Option, ...] = ()
    raises: tuple[tuple[str, str], ...] = ()
    members: tuple[Member, ...] = ()
    bases: tuple[str, ...] = ()
    """Public names that it inherits from."""
    is_value: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    """Of a value: what it is made of."""
