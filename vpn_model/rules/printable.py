"""Texts of a template made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """A text in which control characters are written out (``\\x1b``), so that they do nothing on a terminal."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
