"""From a reveal, each term leads to the page that explains it."""

import pytest
from django.test import Client
from django.urls import reverse

from learn.glossary import TERMS_BY_KEY
from tests import cast
from tests.markup import flat


@pytest.fixture
def reveal(db: None, client: Client) -> str:
    """The page of a duel that was voted on, between a mixture of experts and a secret model."""
    duel = cast.make_duel(cast.melange_117b(), cast.secret(), visitor=cast.visitor_in(client))
    cast.vote(duel)
    return flat(client.get(duel.get_absolute_url()).content.decode())


@pytest.mark.parametrize("name", ["size", "tokens", "architecture", "method"])
def test_each_term_of_a_reveal_leads_to_its_page(reveal: str, name: str) -> None:
    assert f'class="term-name" href="{reverse(f"learn:{name}")}"' in reveal


@pytest.mark.parametrize("key", ["architecture", "precision", "hypothesis", "range", "log-scale"])
def test_the_words_of_a_reveal_say_what_they_mean(reveal: str, key: str) -> None:
    link = f'href="{reverse("learn:glossary")}#{key}" title="{TERMS_BY_KEY[key].meaning}"'
    assert link in reveal


def test_the_page_about_the_site_leads_to_the_words_it_uses(db: None, client: Client) -> None:
    body = client.get(reverse("about")).content.decode()
    assert all(f"#{key}" in body for key in ("estimate", "size", "token", "range", "hypothesis"))
