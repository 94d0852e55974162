"""The list of decision records names each of them."""

from __future__ import annotations

from tools.decisions import FOLDER, PAGE, document


def test_the_list_is_what_the_records_say() -> None:
    text = PAGE.read_text()
    assert document(text) == text, "run: make docs"


def test_no_two_records_have_the_same_number() -> None:
    numbers = [path.name[:4] for path in FOLDER.glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers)
