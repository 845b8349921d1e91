"""A visitor is the hash of a random word: the same in one browser, another in each."""

import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from duels.visitors import COOKIE, get_or_create_token, hash_token, set_cookie, visitor_of

WORD = "mlX04H2oaZyo5T7QsgbJH4IxR5bnU5jU"  # as new_token makes them
arriving = RequestFactory()


def test_nobody_is_known_before_a_first_duel() -> None:
    assert visitor_of(arriving.get("/")) is None


def test_a_browser_is_one_visitor_from_its_first_duel_on() -> None:
    word, response = get_or_create_token(arriving.get("/")), HttpResponse()
    set_cookie(response, word)
    back = arriving.get("/")
    back.COOKIES[COOKIE] = response.cookies[COOKIE].value
    assert get_or_create_token(back) == word
    assert visitor_of(back) == hash_token(word)


def test_two_browsers_are_two_visitors() -> None:
    assert get_or_create_token(arriving.get("/")) != get_or_create_token(arriving.get("/"))


def test_the_stored_hash_is_not_the_cookie_and_outlives_the_key_of_the_site(settings: Settings) -> None:
    before = hash_token(WORD)
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    settings.SECRET_KEY = "une autre clé"
    assert hash_token(WORD) == before


@pytest.mark.parametrize("word", ["", "court", WORD + "a", WORD[:-1] + "é", WORD[:-1] + "\n"])
def test_a_word_that_we_never_gave_is_nobody(word: str) -> None:
    request = arriving.get("/")
    request.COOKIES[COOKIE] = word
    assert visitor_of(request) is None
    assert get_or_create_token(request) != word
