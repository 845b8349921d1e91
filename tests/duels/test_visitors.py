"""A visitor is the hash of a random token: the same in one browser, another in each."""

import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from duels.visitors import COOKIE, get_or_create_token, hash_token, set_cookie, visitor_of

TOKEN = "mlX04H2oaZyo5T7QsgbJH4IxR5bnU5jU"  # as new_token makes them
arriving = RequestFactory()


def test_nobody_is_known_before_a_first_duel() -> None:
    assert visitor_of(arriving.get("/")) is None


def test_a_browser_is_one_visitor_from_its_first_duel_on() -> None:
    token, response = get_or_create_token(arriving.get("/")), HttpResponse()
    set_cookie(response, token)
    back = arriving.get("/")
    back.COOKIES[COOKIE] = response.cookies[COOKIE].value
    assert get_or_create_token(back) == token
    assert visitor_of(back) == hash_token(token)


def test_two_browsers_are_two_visitors() -> None:
    assert get_or_create_token(arriving.get("/")) != get_or_create_token(arriving.get("/"))


def test_the_stored_hash_is_not_the_cookie_and_outlives_the_key_of_the_site(settings: Settings) -> None:
    before = hash_token(TOKEN)
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    settings.SECRET_KEY = "une autre clé"
    assert hash_token(TOKEN) == before


@pytest.mark.parametrize("token", ["", "court", TOKEN + "a", TOKEN[:-1] + "é", TOKEN[:-1] + "\n"])
def test_a_malformed_token_is_no_visitor(token: str) -> None:
    request = arriving.get("/")
    request.COOKIES[COOKIE] = token
    assert visitor_of(request) is None
    assert get_or_create_token(request) != token
