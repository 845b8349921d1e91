"""Curators edit the words of the game; nothing that visitors wrote."""

from html import escape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from duels.curated_words import (
    MAX_REASON_CHARACTERS,
    MAX_SUGGESTION_CHARACTERS,
    Suggestion,
    VoteReason,
)
from models_registry.permissions import GROUP

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/duels/suggestion/"
REASONS = "/admin/duels/votereason/"
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
    assert set(granted.values_list("content_type__model", flat=True)) == {"suggestion", "votereason"}
    assert granted.count() == 8
    assert curator_client.get(LIST).status_code == curator_client.get(REASONS).status_code == 200


def test_a_visitor_edits_nothing(client: Client) -> None:
    assert client.get(LIST).status_code == 302
    added(client, text_fr="Bonjour")
    assert not Suggestion.objects.filter(text_fr="Bonjour").exists()
    assert client.get(REASONS).status_code == 302
    added_reason(client, label_fr="polie")
    assert not VoteReason.objects.filter(label_fr="polie").exists()


def added_reason(client: Client, **sent: Any) -> str:
    """The page after an attempt to add a reason."""
    fields = {"label_fr": "", "label_en": "", "is_positive": "True", "code": "new", "order": "9", **sent}
    return client.post(f"{REASONS}add/", {"is_enabled": "on", **fields}, follow=True).content.decode()


def test_a_reason_has_a_label_a_kind_and_a_code_of_its_own(curator_client: Client) -> None:
    before = VoteReason.objects.count()
    assert "dans une langue au moins" in added_reason(curator_client, label_fr="  ")
    assert "Une autre raison a déjà ce code." in added_reason(curator_client, label_fr="nette", code="clear")
    for sent in (
        {"label_fr": "a" * (MAX_REASON_CHARACTERS + 1)},
        {"label_fr": "nette", "code": "d’une netteté"},
        {"label_fr": "nette", "is_positive": ""},
        {"label_fr": "nette", "order": "-1"},
    ):
        assert "errorlist" in added_reason(curator_client, **sent)
    assert VoteReason.objects.count() == before
    added_reason(curator_client, label_en="sourced", is_positive="False")
    assert VoteReason.objects.get(code="new").label_en == "sourced"


def test_the_code_and_the_kind_of_a_reason_stay_and_nobody_deletes_it(
    curator_client: Client, admin_client: Client
) -> None:
    reason = VoteReason.objects.get(code="clear")
    page = f"{REASONS}{reason.pk}/change/"
    sent = {"label_fr": "limpide", "label_en": "", "is_positive": "False", "code": "limpid", "order": "1"}
    assert curator_client.post(page, sent).status_code == 302
    reason.refresh_from_db()
    assert (reason.label_fr, reason.label_en, reason.is_enabled) == ("limpide", "", False)
    assert (reason.code, reason.is_positive) == ("clear", True)
    for client in (curator_client, admin_client):
        assert "/delete/" not in client.get(page).content.decode()
        assert "delete_selected" not in client.get(REASONS).content.decode()
        assert client.post(f"{REASONS}{reason.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(REASONS, {"action": "delete_selected", "_selected_action": str(reason.pk), "post": "yes"})
    assert VoteReason.objects.filter(pk=reason.pk).exists()
