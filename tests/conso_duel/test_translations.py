"""English is complete and fresh: what a reader sees in French, another reads in English."""

import re

from conso_duel import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def test_the_committed_catalogue_holds_just_the_strings_of_the_code() -> None:
    committed = translations.po_path().read_bytes()
    assert committed == translations.po_bytes(translations.updated()), "run `make messages`"


def test_the_compiled_catalogue_is_the_committed_one() -> None:
    compiled = translations.po_path().with_suffix(".mo").read_bytes()
    assert compiled == translations.mo_bytes(translations.read()), "run `make messages`"


def test_every_string_has_its_english() -> None:
    assert translations.untranslated(translations.read()) == []


def test_translations_keep_the_placeholders() -> None:
    for message in translations.read():
        wanted, given = _texts(message.id), _texts(message.string)
        if message.id:
            assert _placeholders(wanted) == _placeholders(given), message.id


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _placeholders(texts: list[str]) -> set[str]:
    return {word for text in texts for word in PLACEHOLDER.findall(text)}
