"""English is complete and fresh: what a reader sees in French, another reads in English."""

import re

import pytest
from django.utils.translation import ngettext, override

from conso_duel import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# A plain space that a French line could break at: before : ; ! ? » %, after «, inside a thousand.
BAD_FRENCH = re.compile(r" [:;!?»](?=\s|$)| %%|« |\d \d{3}|\w'\w|\.\.\.")
# A plain space between a number and its unit.
UNIT_ALONE = re.compile(
    r"(?:\d|%\(\w+\)[sd]|\}) (?:min|s|ms|k[ogW]|[MG][oBW]|mW|[kmMG]?Wh|mg|m[lL]|t|m[²³])(?![\w’'])"
)
# What stays French in an English sentence: guillemets, or a space before the sign.
BAD_ENGLISH = re.compile(r"[«»]|[ \u00a0\u202f](?:[:;!?]|%%)|\w'\w|\.\.\.")


@pytest.mark.slow
def test_the_committed_catalogue_holds_just_the_strings_of_the_code() -> None:
    committed = translations.po_path().read_bytes()
    assert committed == translations.po_bytes(translations.updated()), "run `make messages`"


def test_the_compiled_catalogue_is_the_committed_one() -> None:
    compiled = translations.po_path().with_suffix(".mo").read_bytes()
    assert compiled == translations.mo_bytes(translations.read()), "run `make messages`"


@pytest.mark.slow
def test_french_plurals_begin_at_two() -> None:
    compiled = translations.french_mo_path().read_bytes()
    assert compiled == translations.mo_bytes(translations.french_plurals()), "run `make messages`"
    words = ("%(found)s modèle", "%(found)s modèles")
    with override("fr"):
        assert [ngettext(*words, number) for number in (0, 1, 2)] == [words[0], words[0], words[1]]
    with override("en"):
        assert ngettext(*words, 0) == "%(found)s models"


def test_every_string_has_its_english() -> None:
    assert translations.untranslated(translations.read()) == []


def test_translations_keep_the_placeholders() -> None:
    for message in translations.read():
        wanted, given = _texts(message.id), _texts(message.string)
        if message.id:
            assert _placeholders(wanted) == _placeholders(given), message.id


def test_french_sentences_are_set_as_french() -> None:
    french = [text for message in translations.read() for text in _texts(message.id)]
    assert [text for text in french if BAD_FRENCH.search(text) or UNIT_ALONE.search(text)] == []


def test_english_sentences_are_set_as_english() -> None:
    english = [text for message in translations.read() if message.id for text in _texts(message.string)]
    assert [text for text in english if BAD_ENGLISH.search(text) or UNIT_ALONE.search(text)] == []


def test_translations_keep_links_and_tags() -> None:
    marked = re.compile(r"\]\([\w-]+\)|</?[a-z][^>]*>")
    for message in translations.read():
        if message.id:
            for french, english in zip(_texts(message.id), _texts(message.string), strict=True):
                assert sorted(marked.findall(french)) == sorted(marked.findall(english)), french


def _texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _placeholders(texts: list[str]) -> set[str]:
    return {word for text in texts for word in PLACEHOLDER.findall(text)}
