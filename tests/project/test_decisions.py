"""The decision records have one form, and their list names each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.decisions import FOLDER, PAGE, document

RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_the_list_is_what_the_records_say() -> None:
    text = PAGE.read_text()
    assert document(text) == text, "run: make docs"


def test_no_two_records_have_the_same_number() -> None:
    numbers = [path.name[:4] for path in RECORDS]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name[:4])
def test_a_record_has_number_status_and_parts(record: Path) -> None:
    text = record.read_text()
    assert re.match(rf"# {record.name[:4]}: .+\n\nStatus: accepted, \d{{4}}-\d\d-\d\d\n\n## Context\n", text)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
