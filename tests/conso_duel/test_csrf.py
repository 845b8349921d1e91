"""Tokens of forms: drawn our way, taken by Django."""

import re

import pytest
from django.middleware import csrf
from django.test import Client

from conso_duel.csrf import random_string

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


def test_django_draws_its_tokens_our_way() -> None:
    assert csrf.get_random_string is random_string  # type: ignore[attr-defined]  # what csrf.py itself calls


def test_strings_have_the_length_and_the_letters_that_are_asked_for() -> None:
    drawn = [random_string(32, "abc") for _ in range(200)]
    assert {len(string) for string in drawn} == {32}
    assert len(set(drawn)) == 200
    counts = [sum(string.count(letter) for string in drawn) for letter in "abc"]
    assert sum(counts) == 6400
    # A third each: no letter strays by ten standard deviations.
    assert all(abs(count - 6400 / 3) < 10 * (6400 * 2 / 9) ** 0.5 for count in counts)


@pytest.mark.django_db
def test_a_form_is_taken_with_its_token_and_refused_with_another() -> None:
    visitor, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = [TOKEN.findall(page.get("/").content.decode())[0] for page in (visitor, visitor, other)]
    assert len(set(tokens)) == 3

    def status(token: str) -> int:
        fields = {"prompt": "", "csrfmiddlewaretoken": token}
        return visitor.post("/duels/", fields).status_code

    assert [status(token) for token in tokens] == [422, 422, 403]
