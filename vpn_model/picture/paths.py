"""The geometry of lines: curves between the lanes, and trees of straight lines within one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from vpn_model.picture.svg import number

Point: TypeAlias = tuple[float, float]
ARROW, ARROW_WIDTH = 7.0, 3.5
CORNER = 6.0


@dataclass(frozen=True)
class Line:
    """A line between two things, with a style and perhaps arrowheads."""

    id: str
    kind: str
    """The class that styles it."""
    title: str
    path: str
    """SVG's path data."""
    middle: Point
    """Where a mark goes."""
    arrows: tuple[str, ...] = ()
    """The arrowheads, as closed paths."""


def curve(start: Point, end: Point) -> tuple[str, Point]:
    """The path of a curve that leaves and arrives horizontally, and its middle."""
    (x1, y1), (x2, y2) = start, end
    bend = (x2 - x1) / 2
    path = f"M{_at(start)}C{_at((x1 + bend, y1))} {_at((x2 - bend, y2))} {_at(end)}"
    return path, ((x1 + x2) / 2, (y1 + y2) / 2)


def around(start: Point, end: Point, trunk: float) -> tuple[str, Point]:
    """The path of straight lines over a vertical one at ``trunk``, with round corners, and its middle."""
    (x1, y1), (x2, y2) = start, end
    corner = min(CORNER, abs(y2 - y1) / 2, abs(trunk - x1), abs(x2 - trunk))
    down = corner if y2 > y1 else -corner
    before, after = (-corner if trunk > x1 else corner), (corner if x2 > trunk else -corner)
    path = f"M{_at(start)}H{number(trunk + before)}Q{_at((trunk, y1))} {_at((trunk, y1 + down))}"
    path += f"V{number(y2 - down)}Q{_at((trunk, y2))} {_at((trunk + after, y2))}H{number(x2)}"
    return path, (trunk, (y1 + y2) / 2)


def arrow(tip: Point, *, to_right: bool) -> str:
    """The path of an arrowhead."""
    x, y = tip
    back = x - ARROW if to_right else x + ARROW
    return f"M{_at(tip)}L{_at((back, y - ARROW_WIDTH))}V{number(y + ARROW_WIDTH)}Z"


def _at(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"
