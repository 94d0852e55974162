"""Reads pictures back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float


def parse(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 -- a picture of our own


def rect_of(group: Element) -> Rect:
    found = group.find(f"{SVG}rect")
    assert found is not None
    return Rect(*(float(found.attrib[name]) for name in ("x", "y", "width", "height")))


def boxes(svg: str) -> dict[str, Element]:
    """The groups of all boxes by their ids."""
    return {one.attrib["id"]: one for one in parse(svg).iter(f"{SVG}g") if "vpn-box" in classes(one)}


def places(svg: str) -> dict[str, Rect]:
    return {name: rect_of(group) for name, group in boxes(svg).items()}


def classes(element: Element) -> list[str]:
    return element.attrib.get("class", "").split()


def texts(svg: str) -> Iterator[tuple[Rect, Element]]:
    """Each text of a box with the box."""
    for group in boxes(svg).values():
        for text in group.findall(f"{SVG}text"):
            yield rect_of(group), text


def words(svg: str) -> str:
    """All that can be read, on one line."""
    return " ".join(text.text or "" for text in parse(svg).iter(f"{SVG}text"))


def line(svg: str, *parts: str) -> Element:
    """The group of a line."""
    wanted = "vpn-__line__" + "__".join(parts)
    return next(one for one in parse(svg).iter(f"{SVG}g") if one.attrib.get("id") == wanted)
