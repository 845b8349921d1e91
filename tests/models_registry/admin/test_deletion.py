"""Drafts are deleted with their endpoints; nothing that visitors have met is."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from models_registry.models import Endpoint, LanguageModel, Source
from tests.cast import grand_70b, make_duel, petit_3b
from tests.models_registry.admin.model_form import LIST, change_url, with_sources
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
NOT_A_DRAFT = "n’est pas un brouillon"
HAS_PLAYED = "a déjà joué"


def delete_url(model: LanguageModel) -> str:
    return reverse("admin:models_registry_languagemodel_delete", args=[model.pk])


def delete_chosen(client: Client, *models: LanguageModel, **typed: str) -> Any:
    chosen = {"action": "delete_selected", "_selected_action": [model.pk for model in models]}
    return client.post(LIST, chosen | typed, follow=True)


def test_a_draft_goes_with_its_endpoints_and_its_sources(curator_client: Client) -> None:
    model = as_draft(with_sources(petit_3b()))
    assert f'href="{delete_url(model)}"' in curator_client.get(change_url(model)).content.decode()
    question = curator_client.get(delete_url(model)).content.decode()
    assert "petit-3b @ http://127.0.0.1:9/v1" in question
    curator_client.post(delete_url(model), {"post": "yes"})
    assert not (LanguageModel.objects.exists() or Endpoint.objects.exists() or Source.objects.exists())


@pytest.mark.parametrize("status", ["enabled", "archived"])
def test_what_is_no_draft_stays_and_the_curator_reads_why(curator_client: Client, status: str) -> None:
    model = petit_3b()
    LanguageModel.objects.update(status=status)
    assert delete_url(model) not in curator_client.get(change_url(model)).content.decode()
    for response in (
        curator_client.get(delete_url(model), follow=True),
        curator_client.post(delete_url(model), {"post": "yes"}, follow=True),
    ):
        assert response.redirect_chain == [(change_url(model), 302)]
        assert NOT_A_DRAFT in response.content.decode()
    assert LanguageModel.objects.exists()


def test_a_draft_that_has_played_stays(curator_client: Client) -> None:
    model = petit_3b()
    make_duel(model, grand_70b())
    as_draft(model)
    response = curator_client.post(delete_url(model), {"post": "yes"}, follow=True)
    assert HAS_PLAYED in response.content.decode()
    assert HAS_PLAYED in delete_chosen(curator_client, model, post="yes").content.decode()
    assert LanguageModel.objects.count() == 2


def test_chosen_drafts_go_together_after_a_question(curator_client: Client) -> None:
    drafts = [as_draft(petit_3b()), as_draft(grand_70b())]
    question = delete_chosen(curator_client, *drafts)
    assert question.context["deletable_objects"]
    assert LanguageModel.objects.count() == 2
    delete_chosen(curator_client, *drafts, post="yes")
    assert not (LanguageModel.objects.exists() or Endpoint.objects.exists())


def test_with_another_among_them_nothing_goes(curator_client: Client) -> None:
    draft, enabled = as_draft(petit_3b()), grand_70b()
    response = delete_chosen(curator_client, draft, enabled, post="yes")
    assert f"Grand-70B {NOT_A_DRAFT}" in response.content.decode()
    assert LanguageModel.objects.count() == 2


def test_of_many_that_stay_the_first_are_named(curator_client: Client) -> None:
    known = petit_3b()
    facts = {"organisation": known.organisation, "licence": known.licence, "architecture": "dense"}
    archived = [
        LanguageModel.objects.create(slug=f"vieux-{n}", name=f"Vieux {n}", status="archived", **facts)
        for n in range(7)
    ]
    html = delete_chosen(curator_client, *archived, post="yes").content.decode()
    assert html.count(NOT_A_DRAFT) == 5
    assert "… et 2 autres restent." in html
    assert LanguageModel.objects.count() == 8


def test_staff_without_the_right_delete_no_draft(client: Client, django_user_model: type) -> None:
    model = as_draft(petit_3b())
    client.force_login(django_user_model.objects.create_user("sans-droit", is_staff=True))  # type: ignore[attr-defined]
    assert client.post(delete_url(model), {"post": "yes"}).status_code == 403
    assert LanguageModel.objects.exists()
