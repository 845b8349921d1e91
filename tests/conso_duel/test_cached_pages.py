"""A cached page reads as it would if it were rendered for each reader."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from leaderboard.models import VoteSource
from leaderboard.ranking.publish import compute_due
from models_registry.models import LanguageModel
from tests.leaderboard.sample_ballots import an_arena_with_votes
from tests.markup import flat

pytestmark = pytest.mark.django_db

TOKENS = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w{64}|(?<=X-CSRFToken": ")\w{64}')


@pytest.fixture(autouse=True)
def arena() -> None:
    """A published leaderboard of three models."""
    an_arena_with_votes()
    compute_due()


def get(path: str) -> Any:
    """The response to a new visitor; its attribute `templates` lists what was rendered for it."""
    response = Client(headers={"Accept-Language": translation.get_language()}).get(path)
    assert response.status_code == 200
    return response


def read(path: str) -> str:
    """The page as a new visitor reads it, without the tokens of its forms and the blanks before a tag."""
    text = get(path).content.decode()
    assert len(TOKENS.findall(text)) >= 2
    return re.sub(r"\s+(?=<)", "", TOKENS.sub("", text))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/", "/modeles/", "/classement/"])
def test_a_page_from_the_cache_is_the_page_rendered_anew(path: str, language: str) -> None:
    with translation.override(language):  # the language of a request outlives it, in its thread
        first, again = read(path), read(path)
        assert first == again == read(f"{path}?nothing=1")
        assert f'<html lang="{language}">' in first


@pytest.mark.parametrize("path", ["/", "/modeles/", "/classement/"])
def test_the_second_reader_gets_the_page_from_the_cache(path: str) -> None:
    assert get(path).templates
    assert not get(path).templates
    assert get(f"{path}?nothing=1").templates


@pytest.mark.parametrize("path", ["/modeles/", "/classement/"])
def test_a_renamed_model_is_shown_by_its_new_name(path: str) -> None:
    with translation.override("fr"):
        assert "Petit-3B bis" not in read(path)
        LanguageModel.objects.filter(name="Petit-3B").update(name="Petit-3B bis")
        assert "Petit-3B bis" in read(path)


def test_a_source_of_votes_is_shown_as_it_is_now() -> None:
    with translation.override("fr"):
        source = VoteSource.objects.create(slug="ailleurs", name="Ailleurs")
        assert "Ailleurs</li>" in flat(read("/classement/"))
        source.licence = "Etalab 2.0"
        source.save()
        assert "Ailleurs, Etalab 2.0</li>" in flat(read("/classement/"))
