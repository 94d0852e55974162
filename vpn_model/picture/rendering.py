"""Turns placed boxes and lines into SVG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from vpn_model.picture.blocks import Line as TextLine
from vpn_model.picture.blocks import Placed, thumbnail_size
from vpn_model.picture.lanes import AWS, INTERNET, TOP, WIDTH
from vpn_model.picture.marks import mark
from vpn_model.picture.paths import Line
from vpn_model.picture.svg import element, group, number, words
from vpn_model.picture.text import is_measurable, measure
from vpn_model.picture.tunnel_state import TunnelState

CORNERS = {"zone": 6.0, "tunnel": 4.0, "address": 12.0}
LANE_NAME = 15.0
TUNNEL_STATES: tuple[TunnelState, ...] = get_args(TunnelState)


def background(bottom: float, region: str) -> Iterator[str]:
    """The lanes with their names."""
    lanes = (("site", "Site", 0, INTERNET), ("internet", "Internet", INTERNET, AWS), ("aws", "AWS", AWS, WIDTH))
    for kind, name, left, right in lanes:
        yield element("rect", x=left, y=0, width=right - left, height=bottom, class_=f"vpn-lane-{kind}")
        shown = f"{name} {region}".strip() if kind == "aws" else name
        yield words("text", shown, x=left + 14, y=28, font_size=LANE_NAME, class_="vpn-lane-name")
    yield element("path", d=f"M{number(INTERNET)},{number(TOP)}V{number(bottom)}", class_="vpn-border vpn-unused")


def box(placed: Placed) -> str:
    """A box with all that is in it."""
    block = placed.block
    rect = element(
        "rect",
        x=placed.x,
        y=placed.y,
        width=placed.width,
        height=placed.height,
        rx=CORNERS.get(block.kind, 8.0),
    )
    state = next((one for one in TUNNEL_STATES if block.kind == "tunnel" and one in block.states), None)
    return group(
        block.id,
        ("vpn-box", *(f"vpn-{one}" for one in (block.kind, *block.states))),
        block.title,
        block.description,
        rect,
        mark(state, placed.x + 14, placed.middle) if state else "",
        *(_text(line, sum(one.row.is_title for one in placed.lines)) for line in placed.lines),
        *map(box, placed.children),
    )


def path(line: Line) -> str:
    """A line with its arrowheads."""
    return group(
        line.id,
        ("vpn-line", f"vpn-{line.kind}"),
        line.title,
        "",
        element("path", d=line.path),
        *(element("path", d=arrow, class_="vpn-arrow") for arrow in line.arrows),
        _mark_on(line),
    )


def _mark_on(line: Line) -> str:
    """The cross of a tunnel that is down is on its line, too."""
    return mark("down", *line.middle) if line.kind == "down" else ""


def _text(line: TextLine, titles: int) -> str:
    row = line.row
    kind = "title-text" if row.is_title else "detail"
    return words(
        "text",
        line.text,
        id=row.id,
        x=line.x,
        y=line.baseline,
        font_size=row.size,
        class_=" ".join([f"vpn-{kind}", *([f"vpn-{row.kind}"] if row.kind else [])]),
        style=f"--small:{number(thumbnail_size(line, titles))}px" if row.is_title else "",
        **_squeezed(line),
    )


def _squeezed(line: TextLine) -> dict[str, str | float]:
    """What makes a text fit whose characters no table knows: the reader's font may have them in any width."""
    if is_measurable(line.text):
        return {}
    width = measure(line.text, line.row.size, bold=line.row.is_title)
    return {"textLength": width, "lengthAdjust": "spacingAndGlyphs"}
