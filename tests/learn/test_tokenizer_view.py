"""The tokenizer page: real counts, visible signs, nothing stored."""

import logging
import re
import sys

import pytest
from django.test import Client
from django.urls import reverse

from learn import tokenizer_view
from science.tokens import VOCABULARIES
from tests.markup import flat

SENTENCE = "La consommation d'un modèle dépend de sa taille, de la longueur du texte et de son architecture."
COUNTS = {
    "o200k": 20, "cl100k": 24, "tekken": 20, "mistral_v1": 29, "llama3": 24, "llama4": 20,
    "deepseek_v3": 21, "gemma3": 21, "qwen": 24,
}  # fmt: skip
HERE = reverse("learn:tokens")


@pytest.mark.slow
def test_each_vocabulary_counts_as_its_makers_own_tool() -> None:
    assert {cut.vocabulary.key: cut.count for cut in tokenizer_view.tokenizations(SENTENCE)} == COUNTS


@pytest.mark.slow
def test_the_page_shows_these_counts(registry: None, client: Client) -> None:
    body = client.post(HERE, {"text": SENTENCE, "model": "mixtral-8x7b"}).content.decode()
    shown = {
        name: int(count)
        for name, count in re.findall(r"<h3>([^<]+)<span.*?figures\">(\d+)\sjetons", flat(body))
    }
    assert shown == {VOCABULARIES[key].name: count for key, count in COUNTS.items()}
    assert "<strong>29 jetons</strong>" in body  # what Mixtral itself would write


@pytest.mark.slow
def test_the_spans_joined_are_the_text() -> None:
    for tokenization in tokenizer_view.tokenizations(SENTENCE):
        assert "".join(span.text for span in tokenization.spans).replace("␣", " ") == SENTENCE


@pytest.mark.slow
def test_a_long_text_is_counted_whole_and_drawn_in_part_unless_asked() -> None:
    text = "Bonjour à tous. " * 200
    by_key = {each.vocabulary.key: each for each in tokenizer_view.tokenizations(text, whole="tekken")}
    assert by_key["tekken"].hidden_count == 0
    assert len(by_key["o200k"].spans) == tokenizer_view.MAX_SHOWN_TOKENS
    assert by_key["o200k"].hidden_count == by_key["o200k"].count - tokenizer_view.MAX_SHOWN_TOKENS


@pytest.mark.slow
def test_what_cannot_be_seen_is_shown(registry: None, client: Client) -> None:
    body = client.post(HERE, {"text": "a\u00a0b\tc\r\nd", "model": "mixtral-8x7b"}).content.decode()
    pieces = body.partition('class="cuts"')[2]
    assert "‹NBSP›" in pieces and "⇥" in pieces and "↵</span><br>" in pieces
    assert "‹CR›" not in pieces


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Écrivez ou collez un texte."),
        ("a" * 5_001, "Ce texte a 5 001 caractères ; il en faut 5 000 au plus."),
        ("a\0b", "Ce texte contient un caractère nul"),
    ],
)
def test_a_text_that_is_refused_stays_in_the_form_with_the_reason(
    registry: None, client: Client, text: str, sentence: str
) -> None:
    response = client.post(HERE, {"text": text, "model": "mixtral-8x7b"})
    body = response.content.decode().replace("\xa0", " ")
    assert response.status_code == 422
    assert sentence in body
    assert "aaaaaaaaaa" in body or len(text) < 10


@pytest.mark.slow
def test_five_thousand_characters_are_five_thousand_even_on_many_lines(
    registry: None, client: Client
) -> None:
    text = "a\r\n" * 2_500
    assert client.post(HERE, {"text": text, "model": "mixtral-8x7b"}).status_code == 200


def test_markup_stays_text(registry: None, client: Client) -> None:
    body = client.post(HERE, {"text": "<script>alert(1)</script>", "model": "mixtral-8x7b"}).content.decode()
    assert "<script>alert" not in body


def test_the_text_is_neither_logged_nor_cached(
    registry: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    response = client.post(HERE, {"text": "mot-de-passe-très-secret", "model": "mixtral-8x7b"})
    assert "secret" not in caplog.text
    assert "no-store" in response.headers["Cache-Control"]
    assert not client.session.keys()


def test_a_form_without_its_token_is_refused(registry: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(HERE, {"text": "a", "model": "mixtral-8x7b"}).status_code == 403


@pytest.mark.parametrize("example", ["fr", "en", "code", "signs"])
def test_the_examples_replace_the_text(registry: None, client: Client, example: str) -> None:
    response = client.post(HERE, {"example": example})
    assert response.status_code == 200
    assert tokenizer_view.EXAMPLES[example].strip() in response.context["form"]["text"].value()


def test_a_vocabulary_whose_package_is_missing_says_so(
    registry: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llama_models", None)
    monkeypatch.setattr("learn.tokenizer_view.compare_languages", lambda: ())
    found = {cut.vocabulary.key: cut.available for cut in tokenizer_view.tokenizations("a")}
    assert [key for key, available in found.items() if not available] == ["llama3", "llama4"]
    body = client.post(HERE, {"text": "a", "model": "llama-3.3-70b"}).content.decode()
    assert "Ce vocabulaire n’est pas installé ici" in body
    assert "Nous n’avons pas le vocabulaire de ce modèle" in body


def test_french_takes_more_tokens_than_english_in_every_vocabulary() -> None:
    assert all(pair.more_percent > 0 for pair in tokenizer_view.compare_languages())
