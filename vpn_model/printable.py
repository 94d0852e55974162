"""Text of others made safe for a terminal."""

from __future__ import annotations


def printable(text: str, keep: str = "") -> str:
    r"""Return a text in which each character that a terminal would obey, hide or reorder is shown as an escape.

    Names of users, tags and files may hold any character: ESC starts a terminal command, and U+202E turns the rest of
    a line around. ``\x1b`` and ``\u202e`` are shown instead. What ``str.isprintable`` accepts stays as it is.

    Args:
        text: Any text, also with bytes of a file name that are not UTF-8.
        keep: Characters that stay although they are not printable, such as a line break. Default: none.
    """
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode("ascii") for one in text
    )
