"""A visitor is a keyed hash of a random word: the same in one session, another in each."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from duels.visitors import visitor_of, welcome


def request(**session: str) -> Any:
    return SimpleNamespace(session=session)


def test_nobody_is_known_before_a_first_duel() -> None:
    arriving = request()
    assert visitor_of(arriving) is None
    assert arriving.session == {}


def test_a_session_is_one_visitor_from_its_first_duel_on() -> None:
    arriving = request()
    visitor = welcome(arriving)
    assert visitor == welcome(arriving) == visitor_of(arriving)


def test_two_sessions_are_two_visitors() -> None:
    assert welcome(request()) != welcome(request())


def test_the_stored_hash_tells_nothing_of_the_session(settings: Settings) -> None:
    known = request(visitor="mot")
    before = visitor_of(known)
    assert before is not None
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    settings.SECRET_KEY = "une autre clé"
    assert visitor_of(known) != before


@pytest.mark.parametrize("word", ["", None])
def test_an_empty_word_is_nobody(word: str | None) -> None:
    assert visitor_of(request(visitor=word)) is None  # type: ignore[arg-type]
