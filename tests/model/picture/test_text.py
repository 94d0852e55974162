"""Texts are no wider than they may be, whatever they are made of."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.picture.fonts import Widths, dejavu, helvetica
from vpn_model.picture.text import clean, fit, is_measurable, measure, wrap


@pytest.mark.parametrize("font", [dejavu, helvetica])
@pytest.mark.parametrize("is_bold", [False, True])
def test_the_table_is_wide_enough_for_a_font(font: Widths, is_bold: bool) -> None:
    for character in string.printable[:95] + "\u00b7\u2026\u00e4\u00c5\u00e9":
        width = font(character, is_bold)
        assert width is None or measure(character, 1, bold=is_bold) >= width, character


@given(st.text(), st.floats(0, 300))
def test_a_text_that_was_fitted_fits(text: str, width: float) -> None:
    assert measure(fit(clean(text), width, 12), 12) <= width


@given(st.text(), st.floats(30, 300), st.integers(1, 4))
def test_a_text_that_was_wrapped_fits(text: str, width: float, lines: int) -> None:
    found = wrap(clean(text), width, 12, lines)
    assert len(found) <= lines
    assert all(measure(line, 12) <= width for line in found)


def test_a_text_that_fits_is_left_alone() -> None:
    assert fit("10.50.0.0/16", 200, 12) == "10.50.0.0/16"
    assert wrap("private subnet 10.50.0.0/16", 300, 12, 2) == ["private subnet 10.50.0.0/16"]


def test_a_text_that_does_not_fit_keeps_both_of_its_ends() -> None:
    shorter = fit("gateway-of-the-site-in-Frankfurt-1", 120, 12)
    assert shorter.startswith("gate")
    assert shorter.endswith("-1")


def test_what_xml_does_not_allow_is_replaced_and_what_turns_a_text_around_is_dropped() -> None:
    assert clean("a\x00\x1b\ud800\ufffe\n\u202eb") == "a\ufffd\ufffd\ufffd\ufffd b"


def test_only_what_the_table_has_can_be_measured() -> None:
    assert is_measurable("Zürich-2 …")
    assert not is_measurable("東京")
