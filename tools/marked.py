"""The parts of documents that a command writes, between two marker comments."""

from __future__ import annotations


def replace_marked(text: str, name: str, content: str, command: str) -> str:
    """Return ``text`` with the content of one marked part replaced; ``command`` is the make target that writes it.

    Raises:
        LookupError: The text has no such part.
    """
    begin, end = f"<!-- {name}: begin, written by make {command} -->", f"<!-- {name}: end -->"
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise LookupError(f"the markers {begin} and {end} are missing; add them where the part belongs")
    return f"{before}{begin}\n{content}\n{end}{after}"
