"""The pages that are laid out once say what they would say if they were made for each reader."""

import re

import pytest
from django.test import Client
from django.utils import translation

from leaderboard.models import VoteSource
from leaderboard.ranking.publish import compute_due
from models_registry.models import LanguageModel
from tests.leaderboard.sample_ballots import an_arena_with_votes
from web import page_cache

pytestmark = pytest.mark.django_db

TOKENS = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w{64}|(?<=X-CSRFToken": ")\w{64}')


@pytest.fixture(autouse=True)
def arena(monkeypatch: pytest.MonkeyPatch) -> None:
    """A published leaderboard of three models, and nothing kept."""
    monkeypatch.setattr(page_cache, "_pages", {})
    an_arena_with_votes()
    compute_due()


def read(path: str) -> str:
    """The page as a new visitor reads it, without the tokens of its forms."""
    response = Client(headers={"Accept-Language": translation.get_language()}).get(path)
    assert response.status_code == 200
    text = response.content.decode()
    assert len(TOKENS.findall(text)) >= 2
    return TOKENS.sub("", text)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/", "/modeles/", "/classement/"])
def test_what_was_kept_is_what_would_be_made(path: str, language: str) -> None:
    with translation.override(language):  # the language of a request outlives it, in its thread
        first, again = read(path), read(path)
        assert len(page_cache._pages) == 1
        assert first == again == read(f"{path}?nothing=1")
        assert len(page_cache._pages) == 1
        assert f'<html lang="{language}">' in first


@pytest.mark.parametrize("path", ["/modeles/", "/classement/"])
def test_a_model_that_is_renamed_is_told_by_its_new_name(path: str) -> None:
    with translation.override("fr"):
        assert "Petit-3B bis" not in read(path)
        LanguageModel.objects.filter(name="Petit-3B").update(name="Petit-3B bis")
        assert "Petit-3B bis" in read(path)


def test_a_source_of_votes_is_told_as_it_is_now() -> None:
    with translation.override("fr"):
        source = VoteSource.objects.create(slug="ailleurs", name="Ailleurs")
        assert "Ailleurs</li>" in read("/classement/")
        source.licence = "Etalab 2.0"
        source.save()
        assert "Ailleurs, Etalab 2.0</li>" in read("/classement/")
