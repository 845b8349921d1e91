"""A site that has another name says its own wherever it presents itself, and ours for the software alone."""

import json
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from api.openapi import openapi_document
from conso_duel import console
from conso_duel.console import PRODUCT_NAME
from open_data.columns import TABLES
from open_data.documentation import data_card, json_schema
from tests import cast

pytestmark = pytest.mark.django_db
NAME = "Arène du lycée"
# What is about the software, wherever it runs.
ABOUT_THE_SOFTWARE = (
    "Conso Duel est un logiciel libre", "Conso Duel is free software",
    "un autre site Conso Duel", "another Conso Duel site",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _renamed(settings: Settings) -> None:
    settings.SITE_NAME = NAME


def pages_without_arguments(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Addresses of all pages that need no argument, those of the admin among them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from pages_without_arguments(pattern.url_patterns, prefix + namespace)
        elif pattern.name:
            try:
                yield reverse(prefix + pattern.name)
            except NoReverseMatch:
                continue


def left_of(text: str) -> str:
    """The text without the sentences about the software."""
    for sentence in ABOUT_THE_SOFTWARE:
        text = " ".join(text.split()).replace(sentence, "")
    return text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_says_the_old_name(client: Client, language: str) -> None:
    cast.petit_3b()
    duel = cast.make_duel(cast.grand_70b(), cast.secret())
    User.objects.create_superuser("camille", password="cure-dent-7-bleu")
    client.login(username="camille", password="cure-dent-7-bleu")
    addresses = {*pages_without_arguments(get_resolver().url_patterns), "/rien-ici/", "/modeles/petit-3b/"}
    addresses |= {f"/resultats/{duel.code}/", "/api/v1/openapi.json"}
    named = 0
    for address in sorted(addresses):
        response = client.get(address, headers={"Accept-Language": language})
        if response.status_code in (200, 404) and not response.streaming:
            text = response.content.decode(errors="replace")
            assert PRODUCT_NAME not in left_of(text), address
            named += NAME in text
    assert named > 50


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_api_and_the_open_data_have_its_name(client: Client, language: str) -> None:
    document = openapi_document(language)
    assert document["info"]["title"] == NAME
    assert PRODUCT_NAME not in json.dumps(document)
    for table in TABLES:
        assert data_card(table).startswith(f"# {NAME} – ")
        assert PRODUCT_NAME not in data_card(table) + json.dumps(json_schema(table))


def test_the_terminal_says_the_name_of_the_site() -> None:
    assert console.site_name({"CONSO_SITE_NAME": " Arène du lycée "}) == NAME
    assert console.site_name({"CONSO_SITE_NAME": ""}) == PRODUCT_NAME
