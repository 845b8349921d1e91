"""Clean text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.openai.text import TextCleaner

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))  # lonely surrogates too
CUTS = st.lists(st.integers(0, 200), max_size=6)


def cut(text: str, places: list[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sorted(places), len(text)])]


def cleaned(pieces: list[str]) -> str:
    cleaner = TextCleaner()
    return "".join([cleaner.clean(piece) for piece in pieces]) + cleaner.flush()


@given(ANY_TEXT, CUTS)
def test_cleaned_text_can_be_encoded_and_stored_wherever_it_was_cut(text: str, places: list[int]) -> None:
    result = cleaned(cut(text, places))
    assert "\x00" not in result
    assert result.encode().decode() == result
    assert result == cleaned([text])


@given(st.text(), CUTS)
def test_well_formed_text_loses_nothing_but_nul(text: str, places: list[int]) -> None:
    assert cleaned(cut(text, places)) == text.replace("\x00", "")


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["a\ud83e", "\udd8ab"], "a🦊b"),
        (["\ud83e", "\ud83e", "\udd8a"], "\ufffd🦊"),
        (["\udd8a\ud83e"], "\ufffd\ufffd"),
        (["\ud83e x"], "\ufffd x"),
        (["a\x00b", "\x00"], "ab"),
    ],
)
def test_halves_are_joined_and_lonely_ones_replaced(pieces: list[str], expected: str) -> None:
    assert cleaned(pieces) == expected
