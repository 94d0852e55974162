"""The console of all commands of the laboratory: text is shown as it is."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from vpn_model.printable import printable

KEPT = "\n\t"


class PlainConsole(Console):
    """A console that reads no markup and no emoji codes in text, and shows control characters as escapes.

    Names, paths, tags and answers of programs may contain ``[/x]`` or ESC. What is to have a style is a ``Text``, or is
    printed with ``style=``.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Make text printable."""
        return super().render_str(printable(text, KEPT), **options)
