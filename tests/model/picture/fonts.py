"""The widths of two fonts that readers really have: a narrow one and a wide one. Both come with matplotlib."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

Widths: TypeAlias = Callable[[str, bool], float | None]
"""The width of a character in em, regular or bold; None if the font does not have it."""
FOLDER = Path(matplotlib.get_data_path()) / "fonts"
SIZE = 100
METRIC = re.compile(r"^C (\d+) ; WX (\d+) ;", re.MULTILINE)
# Adobe's own encoding has quotation marks instead of these two
NOT_ASCII = "'`"


@cache
def _dejavu(is_bold: bool) -> FT2Font:
    font = FT2Font(FOLDER / "ttf" / f"DejaVuSans{'-Bold' if is_bold else ''}.ttf")
    font.set_size(SIZE, 72)
    return font


@cache
def _helvetica(is_bold: bool) -> dict[str, float]:
    metrics = (FOLDER / "afm" / f"phv{'b' if is_bold else 'r'}8a.afm").read_text()
    return {chr(int(code)): int(width) / 1000 for code, width in METRIC.findall(metrics)}


def dejavu(character: str, is_bold: bool) -> float | None:
    font = _dejavu(is_bold)
    if not font.get_char_index(ord(character)):
        return None
    return font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / SIZE


def helvetica(character: str, is_bold: bool) -> float | None:
    """Arial and Liberation Sans have the same widths."""
    is_known = character.isascii() and character not in NOT_ASCII
    return _helvetica(is_bold).get(character) if is_known else None
