"""The boxes of a picture: rows of text with boxes below them, of a given width and of the height that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpn_model.picture.text import clean, measure, wrap

TITLE, DETAIL = 13.0, 12.0
"""Font sizes in pixels."""
LINE = {TITLE: 18.0, DETAIL: 16.0}
BASELINE = {TITLE: 13.0, DETAIL: 12.0}
PAD = 8.0
GAP = 8.0


@dataclass(frozen=True)
class Row:
    """One text of a box."""

    text: str
    is_title: bool = False
    lines: int = 1
    """The most lines that the text may take; what does not fit is cut."""
    id: str = ""
    """The id of what the row shows, if that has no box of its own."""
    kind: str = ""
    """A class of its own."""

    @property
    def size(self) -> float:
        return TITLE if self.is_title else DETAIL


@dataclass(frozen=True)
class Block:
    """A box that has no place yet."""

    id: str
    kind: str
    """The class that styles it, such as ``public``."""
    title: str
    """The name for tooltips, and for people who cannot see the picture."""
    description: str = ""
    rows: tuple[Row, ...] = ()
    children: tuple[Block, ...] = ()
    left: float = 0
    """More room on the left of the children, for lines."""
    right: float = 0
    text_left: float = 0
    """More room on the left of the text, for a mark."""
    height: float = 0
    """The least height."""
    states: tuple[str, ...] = ()
    """More classes, which change nothing but the look."""


@dataclass(frozen=True)
class Line:
    """One line of text: where it begins, and where its baseline is."""

    row: Row
    text: str
    x: float
    baseline: float
    room: float
    """The width that it may have."""


@dataclass(frozen=True)
class Placed:
    """A box in its place."""

    block: Block
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    children: tuple[Placed, ...]

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def all(self) -> Iterator[Placed]:
        """This box and all within it."""
        yield self
        for child in self.children:
            yield from child.all()


def place(block: Block, x: float, y: float, width: float) -> Placed:
    """Put a box into its place, with all that is in it."""
    lines = tuple(_lines(block, x, y, width))
    cursor = y + PAD + sum(LINE[line.row.size] for line in lines)
    children: list[Placed] = []
    for child in block.children:
        room = width - 2 * PAD - block.left - block.right
        top = cursor + (GAP if children else GAP - 2 if lines else 0)
        placed = place(child, x + PAD + block.left, top, room)
        children.append(placed)
        cursor = placed.bottom
    return Placed(block, x, y, width, max(cursor + PAD - y, block.height), lines, tuple(children))


def stack(blocks: list[Block], x: float, y: float, width: float, gap: float = 2 * GAP) -> list[Placed]:
    """Put boxes below each other."""
    found: list[Placed] = []
    for block in blocks:
        found.append(place(block, x, found[-1].bottom + gap if found else y, width))
    return found


def _lines(block: Block, x: float, y: float, width: float) -> Iterator[Line]:
    room = width - 2 * PAD - block.text_left
    top = y + PAD
    for row in block.rows:
        for text in wrap(clean(row.text), room, row.size, row.lines, bold=row.is_title):
            yield Line(row, text, x + PAD + block.text_left, top + BASELINE[row.size], room)
            top += LINE[row.size]


def thumbnail_size(line: Line, lines: int) -> float:
    """The font size at which a title of so many lines fills its room: small pictures show titles only."""
    largest = 24.0 if lines == 1 else LINE[TITLE]
    width = measure(line.text, 1, bold=True)
    return min(largest, line.room / width) if width else largest
