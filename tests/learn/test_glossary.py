"""Words and the links that lead to them."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from learn.glossary import TERMS, TERMS_BY_KEY

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LINKED = re.compile(r"(?:\]\(|learn:glossary\" %\}#)([a-z-]+)")


def test_every_term_is_once_on_the_page_in_alphabetical_order(db: None, client: Client) -> None:
    body = client.get(reverse("learn:glossary")).content.decode()
    shown = re.findall(r'<div id="([a-z-]+)" tabindex="-1">', body)
    assert sorted(shown) == sorted(TERMS_BY_KEY)
    assert len(TERMS) == len(TERMS_BY_KEY)
    names = [str(TERMS_BY_KEY[key].name) for key in shown]
    assert names.index("Échelle logarithmique") < names.index("Fourchette")


def test_every_link_of_the_site_leads_to_a_term_that_exists() -> None:
    linked = {key for path in TEMPLATES.rglob("*.html") for key in LINKED.findall(path.read_text("utf-8"))}
    assert linked and linked <= set(TERMS_BY_KEY)


def test_marked_words_become_links_that_say_what_they_mean() -> None:
    template = Template("{% load glossary %}{% glossary %}Des [jetons & co](token).{% endglossary %}")
    html = template.render(Context())
    assert f'href="{reverse("learn:glossary")}#token"' in html
    assert f'title="{TERMS_BY_KEY["token"].meaning}"' in html
    assert ">jetons & co</a>." in html


def test_an_unknown_term_is_an_error_and_not_a_dead_link() -> None:
    template = Template("{% load glossary %}{% glossary %}[mot](inconnu){% endglossary %}")
    with pytest.raises(KeyError):
        template.render(Context())


def test_meanings_are_short() -> None:
    assert all(len(str(term.meaning)) <= 180 and str(term.meaning).endswith(".") for term in TERMS)
