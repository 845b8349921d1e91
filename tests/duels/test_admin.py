"""Curators edit the words of the game; nothing that visitors wrote."""

from html import escape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from duels.models import MAX_SUGGESTION_CHARACTERS, Suggestion
from models_registry.permissions import GROUP

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/duels/suggestion/"
HOSTILE = "<img src=x onerror=alert(1)>"


def home(language: str, **query: str) -> str:
    return Client(headers={"Accept-Language": language}).get("/", query).content.decode()


def added(client: Client, **sent: Any) -> str:
    """The page after an attempt to add a suggestion."""
    fields = {"topic": "advice", "text_fr": "", "text_en": "", "order": "0", "is_enabled": "on", **sent}
    return client.post(f"{LIST}add/", fields, follow=True).content.decode()


def changed(client: Client, row: Suggestion, **sent: Any) -> None:
    """The list of one suggestion is saved with other values."""
    formset = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(row.pk), "_save": "1"}
    values = {f"form-0-{name}": value for name, value in sent.items()}
    assert client.post(f"{LIST}?id={row.pk}", formset | values).status_code == 302


def test_an_edit_shows_on_the_home_page_at_once_in_each_language(curator_client: Client) -> None:
    assert "Que planter" not in home("fr") + home("en")
    added(
        curator_client, topic="small-model", text_fr="Que planter en mai ?", text_en="What to plant in May?"
    )
    assert "Que planter en mai" in home("fr") and "What to plant" not in home("fr")
    assert "What to plant in May?" in home("en") and "Que planter" not in home("en")
    changed(curator_client, Suggestion.objects.get(text_en="What to plant in May?"), order="0")
    assert "Que planter" not in home("fr") + home("en", topic="small-model")


def test_a_suggestion_without_a_language_is_not_shown_in_it(curator_client: Client) -> None:
    added(curator_client, text_fr="Que voir à Sète ?")
    assert "Que voir à Sète" in home("fr", topic="advice")
    assert "Sète" not in home("en", topic="advice")


def test_the_order_is_the_curators(curator_client: Client) -> None:
    last = Suggestion.objects.filter(topic="school").last()
    assert last
    changed(curator_client, last, order="0", is_enabled="on")
    page = home("fr", topic="school")
    others = Suggestion.objects.filter(topic="school").exclude(pk=last.pk)
    assert all(page.index(last.text_fr[:20]) < page.index(one.text_fr[:20]) for one in others)


def test_a_suggestion_has_a_text_that_is_not_too_long(curator_client: Client) -> None:
    before = Suggestion.objects.count()
    assert "dans une langue au moins" in added(curator_client, text_fr="  ")
    assert "errorlist" in added(curator_client, text_fr="a" * (MAX_SUGGESTION_CHARACTERS + 1))
    assert "errorlist" in added(curator_client, text_fr="Bonjour", topic="nul")
    assert Suggestion.objects.count() == before
    added(curator_client, text_en="a" * MAX_SUGGESTION_CHARACTERS)
    assert Suggestion.objects.count() == before + 1


def test_what_a_curator_writes_is_shown_as_text(curator_client: Client) -> None:
    added(curator_client, text_fr=HOSTILE, text_en=HOSTILE)
    for page in (home("fr", topic="advice"), curator_client.get(LIST).content.decode()):
        assert HOSTILE not in page
        assert escape(HOSTILE) in page


def test_curators_may_edit_no_other_table_of_the_game(curator_client: Client) -> None:
    granted = Permission.objects.filter(group__name=GROUP, content_type__app_label="duels")
    assert set(granted.values_list("content_type__model", flat=True)) == {"suggestion"}
    assert granted.count() == 4
    assert curator_client.get(LIST).status_code == 200


def test_a_visitor_edits_nothing(client: Client) -> None:
    assert client.get(LIST).status_code == 302
    added(client, text_fr="Bonjour")
    assert not Suggestion.objects.filter(text_fr="Bonjour").exists()
