"""The API reference is complete, and is what the library says."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

import cdk_aws_vpn
from stacks.settings import ScenarioSettings
from tests.project.conftest import REPOSITORY
from tools.reference.documents import FOLDER, PART, generated_pages
from tools.reference.markdown import to_markdown
from tools.reference.mistakes import errors_by_option
from tools.reference.model import Entry, Option
from tools.reference.reading import read_library
from vpn_model.changes import Effect, changes

PAGES = sorted((REPOSITORY / FOLDER).glob("*.md"))
SECTION = re.compile(r"^## (?P<heading>[\w, ]+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def library() -> dict[str, Entry]:
    return read_library()


def sections(page: Path) -> list[tuple[str, str]]:
    return [(match["heading"], match["text"]) for match in SECTION.finditer(page.read_text())]


def test_the_pages_say_what_signatures_docstrings_and_errors_say(library: dict[str, Entry]) -> None:
    pages = generated_pages(REPOSITORY, library, errors_by_option())
    outdated = [path.name for path, text in pages.items() if path.read_text() != text]
    assert outdated == [], "run: make docs"


def test_every_public_name_has_its_place(library: dict[str, Entry]) -> None:
    documented = [name for page in PAGES for name in PART.findall(page.read_text())]
    assert sorted(documented) == sorted(cdk_aws_vpn.__all__) == sorted(library)


def test_a_name_stands_on_the_page_of_its_folder(library: dict[str, Entry]) -> None:
    pages = {page.stem for page in PAGES}
    for page in PAGES:
        for name in PART.findall(page.read_text()):
            folder = library[name].module.split(".")[1]
            assert folder == page.stem or folder not in pages


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "README"], ids=lambda page: page.stem)
def test_every_name_has_a_heading_and_an_example_that_uses_it(page: Path) -> None:
    headed = []
    for heading, text in sections(page):
        names = heading.split(", ")
        headed += names
        examples = "".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        assert PART.findall(text) == names
        assert any(re.search(rf"\b{name}\b", examples) for name in names)
    assert headed == PART.findall(page.read_text())


def options(entry: Entry) -> list[tuple[str, Option]]:
    """Every parameter of a public name, by the place where it is written."""
    own = [(entry.name, option) for option in entry.options]
    return own + [(f"{entry.name}.{member.name}", option) for member in entry.members for option in member.options]


def test_every_name_member_and_parameter_is_described(library: dict[str, Entry]) -> None:
    missing = [entry.name for entry in library.values() if not entry.text]
    missing += [f"{entry.name}.{one.name}" for entry in library.values() for one in entry.members if not one.text]
    parameters = [pair for entry in library.values() for pair in options(entry)]
    missing += [f"{place}({one.name})" for place, one in parameters if not one.text]
    assert missing == [], "describe them in their docstrings"
    silent = [f"{place}({one.name})" for place, one in parameters if one.default == ""]
    assert silent == [], "say what happens without them: 'Default: …'"


def test_every_option_has_a_row_in_the_table_of_changes(library: dict[str, Entry]) -> None:
    """A function is called during synthesis, and has nothing that is deployed."""
    kinds = {name for name in library if inspect.isclass(getattr(cdk_aws_vpn, name))}
    options = {(name, one.name) for name in kinds for one in library[name].options}
    settings = {(ScenarioSettings.__name__, one.name) for one in fields(ScenarioSettings)}
    assert options | settings == set(changes()), "say in vpn_model/data/changes.json what a change does"


def test_a_row_says_what_is_lost_and_what_to_do_instead() -> None:
    silent = [row for row in changes().values() if row.effect is not Effect.IN_PLACE and not row.note]
    assert silent == []
    for row in changes().values():
        assert (row.effect is Effect.NO) is (row.error is not None)
        assert row.effect is not Effect.NO or re.search(r"[Dd]estroy and deploy|private_address", row.note), row


def test_references_of_docstrings_become_links() -> None:
    pages = {"VpnHub": "sites.md#vpnhub"}
    text = ":class:`~cdk_aws_vpn.VpnHub` and :meth:`VpnHub.node`, not ``this`` and :mod:`cdk_aws_vpn.errors`"
    assert to_markdown(text, pages) == (
        "[`VpnHub`](sites.md#vpnhub) and [`VpnHub.node`](sites.md#vpnhub), not `this` and `errors`"
    )
