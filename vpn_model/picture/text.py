"""How wide a text may get, whatever font draws it: the widths are enough for Arial and for DejaVu Sans."""

from __future__ import annotations

import unicodedata

# in em, for the printable characters of ASCII and those that the picture adds
REGULAR = {
    0.3: "'Iijl",
    0.35: " ,./:;\\|\u00b7",
    0.4: "()-[]ft",
    0.45: "!r",
    0.5: '"*J`',
    0.55: "csz",
    0.6: "?L_kvxy",
    0.65: "$0123456789FTabdeghnopqu{}",
    0.7: "ABEKPSVXYZ",
    0.75: "CNRU",
    0.8: "&DGHOQ",
    0.85: "#+<=>^w~",
    0.9: "M",
    1.0: "%Wm\u2026",
    1.05: "@",
}
BOLD = {
    0.35: " 'ijl",
    0.4: ",./:;I\\|\u00b7",
    0.45: "-f",
    0.5: "!()[]`rt",
    0.55: '"*',
    0.6: "J_csz",
    0.65: "?Lx",
    0.7: "$0123456789EFTaekovy",
    0.75: "CPSYZbdghnpqu{}",
    0.8: "ABKRVX",
    0.85: "#+<=>DGHNU^~",
    0.9: "&OQ",
    0.95: "w",
    1.0: "@M\u2026",
    1.05: "%m",
    1.15: "W",
}
WIDTHS = {
    is_bold: {character: width for width, characters in table.items() for character in characters}
    for is_bold, table in ((False, REGULAR), (True, BOLD))
}
WIDE, ELSEWHERE = 1.05, 1.0
"""The width of characters that East Asian fonts draw as squares, and of every other one that is not in the table."""
ELLIPSIS = "\u2026"
INVISIBLE = {"Cf", "Mn", "Me"}


def clean(text: str) -> str:
    """A text on one line, of characters that XML allows; those that change the direction of others are left out."""
    shown = (one for one in " ".join(text.split()) if unicodedata.category(one) != "Cf")
    return "".join("\ufffd" if unicodedata.category(one) in {"Cc", "Cs", "Cn"} else one for one in shown)


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """The most width that a text needs, in pixels, at a font size in pixels."""
    return size * sum(_width(one, bold) for one in text)


def is_measurable(text: str) -> bool:
    """Whether all of a text is in the table. Otherwise the font decides, and the text has to be made to fit."""
    return all(_base(one) in WIDTHS[False] for one in text)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text that fits into ``width`` pixels: cut in the middle, because names differ at both ends."""
    if measure(text, size, bold=bold) <= width:
        return text
    kept = len(text)
    while kept > 0:
        kept -= 1
        shorter = f"{text[: (kept + 1) // 2].rstrip()}{ELLIPSIS}{text[len(text) - kept // 2 :].lstrip()}"
        if measure(shorter, size, bold=bold) <= width:
            return shorter
    return ""


def wrap(text: str, width: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """A text on at most so many lines, each no wider than ``width`` pixels; what does not fit is cut."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and measure(" ".join(words[: taken + 1]), size, bold=bold) <= width:
            taken += 1
        if measure(words[0], size, bold=bold) > width:
            head = _head(words[0], width, size, bold=bold)
            words = [words[0][len(head) :], *words[1:]]
            found.append(head)
        else:
            found.append(" ".join(words[:taken]))
            words = words[taken:]
    return [*found, *([fit(" ".join(words), width, size, bold=bold)] if words else [])]


def _head(word: str, width: float, size: float, *, bold: bool) -> str:
    """As much of a word as fits, at least one character."""
    kept = len(word)
    while kept > 1 and measure(word[:kept], size, bold=bold) > width:
        kept -= 1
    return word[:kept]


def _width(character: str, bold: bool) -> float:
    known = WIDTHS[bold].get(_base(character))
    if known is not None:
        return known
    if unicodedata.category(character) in INVISIBLE:
        return 0
    return WIDE if unicodedata.east_asian_width(character) in "WF" else ELSEWHERE


def _base(character: str) -> str:
    """The letter below an accent."""
    return unicodedata.normalize("NFD", character)[:1] if character < "\u0250" else character
