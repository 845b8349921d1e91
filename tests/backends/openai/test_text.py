"""Clean text, and reasoning apart from the answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.openai.text import ReasoningSplitter, TextCleaner

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


def parts(pieces: list[str]) -> tuple[str, str]:
    """Reasoning and answer."""
    splitter = ReasoningSplitter()
    found = [part for piece in pieces for part in splitter.split(piece)] + splitter.flush()
    return "".join(text for tagged, text in found if tagged), "".join(
        text for tagged, text in found if not tagged
    )


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("Bonjour", "", "Bonjour"),
        ("", "", ""),
        ("\n <think>\nVoyons.\n</think>\n\nOui", "Voyons.", "Oui"),
        ("<think>\n\n</think>\n\nOui", "", "Oui"),
        ("[THINK]Voyons[/THINK]Oui", "Voyons", "Oui"),
        ("<think>sans fin", "sans fin", ""),
        ("<think>a < b </thinking", "a < b </thinking", ""),
        ("Je pense <think>non</think>", "", "Je pense <think>non</think>"),
        ("<thin", "", "<thin"),
        ("< think>", "", "< think>"),
        ("<think>a</think>b<think>c</think>", "a", "b<think>c</think>"),
        ("  deux espaces", "", "  deux espaces"),
    ],
)
def test_reasoning_between_tags_at_the_start_comes_apart(text: str, reasoning: str, answer: str) -> None:
    assert parts([text]) == (reasoning, answer)
    assert parts(list(text)) == (reasoning, answer)


PIECES_OF_TAGS = st.lists(st.sampled_from(["<think>", "</think>", "<", "think", ">", " ", "\n", "a"])).map(
    "".join
)


@given(PIECES_OF_TAGS, CUTS)
def test_the_split_does_not_depend_on_where_the_text_was_cut(text: str, places: list[int]) -> None:
    assert parts(cut(text, places)) == parts([text])


@given(PIECES_OF_TAGS)
def test_without_a_tag_at_the_start_all_is_answer(text: str) -> None:
    assert parts([text]) == ("", text) or text.lstrip().startswith("<think>")
