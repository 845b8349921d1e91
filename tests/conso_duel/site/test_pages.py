"""The pages about the site say what is so: figures, delays, cookies and recipients are the real ones."""

import json
import re
from html import unescape

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from conso_duel.site import pages
from conso_duel.site.recipients import is_private_host, recipients
from models_registry.models import Endpoint, LanguageModel
from tests import cast

NAMES = ("about", "privacy", "accessibility", "ecodesign", "legal")
LEGAL = ("PUBLISHER", "ADDRESS", "PHONE", "EMAIL", "DIRECTOR", "HOST")


def text_of(client: Client, name: str, language: str = "fr") -> str:
    """The words of a page, without its tags."""
    client.cookies["django_language"] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    return re.sub(
        r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\xa0", " ")
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/duels/", "/modeles/", "/classement/", "/comprendre/", "/nulle-part/"]
)
def test_every_page_leads_to_them(client: Client, path: str) -> None:
    footer = client.get(path).content.decode().partition("<footer")[2]
    assert [name for name in NAMES if f'href="{reverse(name)}"' not in footer] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_each_is_there_in_both_languages(client: Client, name: str) -> None:
    french, english = (text_of(client, name, language) for language in ("fr", "en"))
    assert len(french) > 500
    assert french != english


@pytest.mark.django_db
def test_the_page_names_the_days_after_which_duels_are_deleted(client: Client, settings: Settings) -> None:
    settings.KEEP_DUELS_DAYS = 42
    assert "Un duel est effacé 42 jours après son début" in text_of(client, "privacy")
    settings.KEEP_DUELS_DAYS = 1
    assert "Un duel est effacé un jour après son début" in text_of(client, "privacy")


def test_the_cookies_are_those_that_the_site_gives_and_last_as_long_as_published(
    client: Client, db: None
) -> None:
    cast.petit_3b(), cast.grand_70b()
    client.get("/")
    assert client.post("/duels/", {"prompt": "Bonjour", "mode": "random"}).status_code == 303
    client.post("/i18n/setlang/", {"language": "en"})
    workshop = client.post("/ateliers/ouvrir/")["Location"].split("/")[2]
    client.get(f"/ateliers/{workshop}/")
    given = {name.removesuffix(f"-{workshop}"): cookie for name, cookie in client.cookies.items()}
    days = {name: int(cookie["max-age"]) // pages.DAY_SECONDS for name, cookie in given.items()}
    assert days == {cookie.name: cookie.days for cookie in pages.cookies()}
    assert [name for name in days if name not in text_of(client, "privacy")] == []


STORED = {
    "Duel": {"code", "visitor", "mode"},
    "Turn": {"prompt"},
    "Answer": {"side", "state", "failure", "truncation", "text", "reasoning", "count_source", "shape"}
    | {"hosting", "energy_method", "html", "html_version", "vocabulary", "pace"},
    "Reaction": {"liking", "reasons"},
    "Vote": {"choice", "uncounted"},
    "VoteComment": {"side", "reasons", "comment"},
    "Guess": {"side"},
    "SecondVote": {"choice"},
    "Share": {"code"},
    "VoteCount": set(),
    "Suggestion": {"topic", "text_fr", "text_en"},  # words of curators, of no duel
    "VoteReason": {"code", "label_fr", "label_en"},  # likewise
}


def test_what_is_stored_of_a_duel_is_what_the_page_was_written_for() -> None:
    """A new field that can hold words calls for a look at templates/pages/privacy.html."""
    wordy = (CharField, TextField, JSONField)
    stored = {
        model.__name__: {field.name for field in model._meta.fields if isinstance(field, wordy)}
        for model in apps.get_app_config("duels").get_models()
    }
    assert stored == STORED


@pytest.mark.django_db
def test_the_servers_that_are_sent_questions_are_named(client: Client) -> None:
    assert "aucune question ne part" in text_of(client, "privacy")
    cast.petit_3b()
    assert "votre question n’en sort pas" in text_of(client, "privacy")
    cast.grand_70b("https://api.modeles.example/v1")
    Endpoint.objects.filter(model=cast.secret("https://eteint.example/v1")).update(enabled=False)
    cast.melange_117b("https://retire.example/v1")
    LanguageModel.objects.filter(slug="melange-117b").update(status=LanguageModel.Status.ARCHIVED)
    assert recipients().outside == ["api.modeles.example"]
    words = text_of(client, "privacy")
    assert "api.modeles.example" in words
    assert "D’autres modèles répondent sur des machines du site." in words
    assert "eteint.example" not in words


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("192.168.0.7", True), ("vllm", True),
        ("gpu.lan", True), ("", True), ("8.8.8.8", False), ("2001:4860:4860::8888", False),
        ("api.mistral.ai", False), ("lan.example.org", False),
    ],
)  # fmt: skip
def test_a_machine_of_the_site_is_distinguished_from_an_outside_server(host: str, own: bool) -> None:
    assert is_private_host(host) is own


@pytest.mark.django_db
def test_an_empty_legal_page_says_who_fills_it_and_how(client: Client, settings: Settings) -> None:
    for name in LEGAL:
        setattr(settings, f"LEGAL_{name}", "")
    words = text_of(client, "legal")
    assert "n’ont pas encore été remplies" in words
    assert [name for name in LEGAL if f"CONSO_LEGAL_{name}" not in words] == []
    assert "n’est pas encore indiquée : elle le sera" in text_of(client, "accessibility")
    assert "n’est pas encore indiquée." in words


@pytest.mark.django_db
def test_a_filled_legal_page_tells_each_fact_as_text(client: Client, settings: Settings) -> None:
    for name in LEGAL:
        setattr(settings, f"LEGAL_{name}", f"<b>{name.lower()}</b> & fils")
    settings.LEGAL_EMAIL = "contact@duel.example"
    page = client.get(reverse("legal")).content.decode()
    assert "CONSO_LEGAL" not in page
    assert page.count("&lt;/b&gt; &amp; fils") == len(LEGAL) - 1
    for name in ("legal", "privacy", "accessibility"):
        assert 'href="mailto:contact@duel.example"' in client.get(reverse(name)).content.decode()


@pytest.mark.django_db
def test_the_weights_are_those_of_the_measured_file(client: Client) -> None:
    words, measured = (
        text_of(client, "ecodesign"),
        json.loads(pages.PAGE_WEIGHTS_FILE.read_text(encoding="utf-8")),
    )
    assert set(measured["pages"]) == set(pages.PAGE_TITLES)
    for requests, kilobytes in measured["pages"].values():
        assert f" {requests} {kilobytes:.1f} ko".replace(".", ",") in words
