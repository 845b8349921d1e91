"""No cell begins a formula, and each text comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.csv_cells import escape_cell, unescape_cell

SIGNS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("text", [f"{sign}cmd|' /C calc'!A0" for sign in SIGNS])
def test_a_formula_is_made_harmless(text: str) -> None:
    assert escape_cell(text) == f"'{text}"


@given(st.text(alphabet=st.sampled_from("'a" + SIGNS)))
def test_every_text_is_read_back_and_none_begins_a_formula(text: str) -> None:
    escaped = str(escape_cell(text))
    assert not escaped.startswith(tuple(SIGNS))
    assert unescape_cell(escaped) == text


def test_numbers_and_other_texts_stay() -> None:
    for value in (-3.5, 7, None, True, "L'énergie", "'entre apostrophes'", "a=b", ""):
        assert escape_cell(value) is value
