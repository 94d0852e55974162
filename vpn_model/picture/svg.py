"""Writes SVG elements. Everything that comes from a network is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from vpn_model.picture.text import clean


def element(name: str, *children: str, **attributes: str | float) -> str:
    """An element of which the children are SVG already.

    Args:
        name: Of the element.
        children: Elements.
        attributes: With ``_`` for ``-``, and one more at the end of a word of Python's (``class_``). An empty text
            leaves the attribute out.
    """
    written = (f" {key.rstrip('_').replace('_', '-')}={_quoted(value)}" for key, value in attributes.items())
    given = "".join(one for one, value in zip(written, attributes.values(), strict=True) if value != "")
    inner = "".join(children)
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def words(name: str, text: str, **attributes: str | float) -> str:
    """An element with a text in it."""
    return element(name, escape(clean(text)), **attributes)


def group(id: str, classes: Iterable[str], title: str, description: str, *children: str) -> str:
    """A part of the picture that has a name: for tooltips, for those who cannot see it, and as a link's target."""
    said = [words("title", title)] if title else []
    said += [words("desc", description)] if description else []
    role = "graphics-object" if title else ""
    # on a line of its own, so that the difference between two pictures can be read
    return "\n" + element("g", *said, *children, id=id, class_=" ".join(classes), role=role)


def number(value: float) -> str:
    """A number with one digit behind the point at most."""
    return f"{round(value, 1):g}"


def _quoted(value: str | float) -> str:
    return quoteattr(clean(value) if isinstance(value, str) else number(value))
