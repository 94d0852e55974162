"""What the lines and boxes mean. It is the same below every picture, so that nothing moves when a state changes."""

from __future__ import annotations

from typing import get_args

from vpn_model.picture.lanes import WIDTH
from vpn_model.picture.marks import mark
from vpn_model.picture.svg import element, number, words
from vpn_model.picture.tunnel_state import TunnelState

SIZE = 11.0
LINES = (
    ("up", "tunnel up"),
    ("planned", "tunnel planned"),
    ("down", "tunnel down"),
    ("unused", "tunnel without a device"),
    ("held", "Elastic IP held"),
    ("may-move", "may take it"),
    ("pair", "partners"),
    ("route", "route"),
    ("learned", "learned routes"),
    ("attachment", "attachment"),
    ("clients-line", "clients"),
)
BOXES = (
    ("public", "public subnet"),
    ("private", "private subnet"),
    ("device", "customer gateway device"),
)
COLUMNS = 7
COLUMN = (WIDTH - 28) / COLUMNS
SWATCH, ROW = 30.0, 20.0
ROWS = -(-(len(LINES) + len(BOXES)) // COLUMNS)
HEIGHT = ROWS * ROW + 24


def legend(top: float) -> str:
    """The legend, with the middle of its first line at ``top``."""
    lines = [(_line(kind), text) for kind, text in LINES]
    boxes = [(_box(kind), text) for kind, text in BOXES]
    entries = (_entry(*one, position, top) for position, one in enumerate((*lines, *boxes)))
    return element("g", *entries, class_="vpn-legend")


def _entry(swatch: str, text: str, position: int, top: float) -> str:
    x, y = 14 + position % COLUMNS * COLUMN, top + position // COLUMNS * ROW
    label = words("text", text, x=SWATCH + 6, y=4, font_size=SIZE, class_="vpn-detail")
    return element("g", swatch, label, transform=f"translate({number(x)} {number(y)})")


def _line(kind: str) -> str:
    line = element("path", d=f"M0,0H{number(SWATCH)}")
    tip = element("path", d="M30,0L23,-3.5V3.5Z", class_="vpn-arrow") if kind in {"route", "learned"} else ""
    shown = next((mark(one, SWATCH / 2, 0) for one in get_args(TunnelState) if one == kind), "")
    return element("g", line, tip, shown, class_=f"vpn-line vpn-{kind}")


def _box(kind: str) -> str:
    return element("g", element("rect", x=0, y=-6, width=SWATCH, height=12, rx=3), class_=f"vpn-{kind}")
