import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.tokens.visible import make_visible


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b" mod\xc3\xa8le", "␣modèle"),
        (b"\r\n\t", "‹CR›↵⇥"),
        ("\u202e\u00a0\u2028".encode(), "‹RLO›‹NBSP›‹U+2028›"),
        ("👩\u200d👧\ufe0f".encode(), "👩‹ZWJ›👧‹VS16›"),
        (b"\xf0\x9f\x98", "‹F0›‹9F›‹98›"),
        (b"a\x80", "a‹80›"),
        ("e\u0301".encode(), "e\u0301"),
        ("\u0301\u0316a".encode(), "◌\u0301\u0316a"),
        (" \u0301".encode(), "␣◌\u0301"),
        ("\u3164\U000e0101".encode(), "‹U+3164›‹U+E0101›"),
        (b"", "␣"),
    ],
)
def test_what_has_no_look_gets_one(raw: bytes, shown: str) -> None:
    assert make_visible(raw) == shown


@given(st.binary(max_size=20))
def test_whatever_the_bytes_something_printable_is_shown(raw: bytes) -> None:
    shown = make_visible(raw)
    assert shown.isprintable()
    assert shown.strip()


@given(st.text(alphabet=st.characters(categories=["L", "N"], exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_letters_and_digits_are_shown_as_they_are(text: str) -> None:
    letters = unicodedata.normalize("NFC", text)
    assert make_visible(letters.encode()) == (letters or "␣")
