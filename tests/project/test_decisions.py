"""The decision records have one form, and the list names each of them."""

from __future__ import annotations

import re

from tools.decisions import FOLDER, PAGE, STATUS, document


def test_the_list_is_what_the_records_say() -> None:
    text = PAGE.read_text()
    assert document(text) == text, "run: make docs"


def test_no_two_records_have_the_same_number() -> None:
    numbers = [path.name[:4] for path in FOLDER.glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers)


def test_every_record_has_the_same_parts() -> None:
    for path in FOLDER.glob("[0-9]*.md"):
        text = path.read_text()
        assert STATUS.search(text), f"{path.name} has no line that begins with 'Status: '"
        assert re.findall("^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
