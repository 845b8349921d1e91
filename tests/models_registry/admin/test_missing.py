"""« Ce qui manque pour l’activer »: right for what is stored, and for what is typed and not saved."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from backends.openai.client import OfferedModel
from models_registry.admin.missing import missing_in_form
from models_registry.discovery.discover import ModelServer, register_models
from models_registry.models import LanguageModel, Source
from tests.cast import petit_3b
from tests.models_registry.admin.model_form import ADD, change_url, form_data, new_endpoint, with_sources
from tests.models_registry.conftest import PASSWORD
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
MISSING = reverse("admin:models_registry_languagemodel_missing")
NOTHING = "Il ne manque rien"


def lacks(client: Client, model: LanguageModel, **typed: Any) -> str:
    sent = form_data(client, change_url(model), **typed)
    return client.post(f"{MISSING}?model={model.pk}", sent).content.decode()


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ({"release_date": None}, "id_release_date", "date de sortie"),
        ({"name": None}, "id_name", "Donnez son nom."),
        (
            {"total_params_b": "beaucoup"},
            "id_total_params_b",
            "Paramètres au total (milliards)\xa0: Saisissez",
        ),
        ({"architecture": "mixture_of_experts"}, "id_active_params_b", "paramètres actifs par jeton"),
        ({"endpoints-0-enabled": None}, "endpoints-group", "point d’accès activé"),
        ({"endpoints-0-DELETE": "on"}, "endpoints-group", "point d’accès activé"),
        ({"endpoints-0-base_url": "ici"}, "endpoints-group", "point d’accès activé"),
        ({"sources-0-DELETE": "on"}, "sources-group", "une source pour l’architecture"),
        ({"sources-0-link": None}, "sources-group", "une source pour l’architecture"),
    ],
)
def test_what_is_typed_counts_before_it_is_saved(
    curator_client: Client, typed: dict[str, Any], place: str, words: str
) -> None:
    model = as_draft(with_sources(petit_3b()))
    assert NOTHING in lacks(curator_client, model)
    html = lacks(curator_client, model, **typed)
    assert "Ce qui manque pour l’activer" in html
    assert html.count("<li>") == 1
    assert f'href="#{place}"' in html
    assert words in html
    assert model.enable_blockers() == []


def test_what_is_lacking_goes_as_it_is_typed(curator_client: Client) -> None:
    model = as_draft(with_sources(petit_3b()))
    model.endpoints.all().delete()
    assert "point d’accès activé" in lacks(curator_client, model)
    added = new_endpoint(base_url="http://127.0.0.1:11434/v1", provider_model="petit")
    assert NOTHING in lacks(curator_client, model, **added)
    assert not model.endpoints.exists()


def test_an_enabled_model_says_what_it_would_lack_to_stay_so(curator_client: Client) -> None:
    model = with_sources(petit_3b())
    assert "il ne lui manque rien" in curator_client.get(change_url(model)).content.decode()
    html = lacks(curator_client, model, **{"sources-0-DELETE": "on"})
    assert "Ce qui manque pour qu’il reste activé" in html
    assert "une source pour" in html


def test_the_page_asks_for_its_own_model_whatever_its_number(curator_client: Client) -> None:
    model = as_draft(petit_3b(pk=12_345))
    html = curator_client.get(change_url(model)).content.decode()
    assert f'data-missing-url="{MISSING}?model=12345"' in html


def test_a_new_page_lists_all_that_a_model_needs(curator_client: Client) -> None:
    missing = curator_client.get(ADD).context["missing"]
    places = [place for place, _sentence in missing.linked_issues]
    assert set(places) == {
        "id_name", "id_slug", "id_organisation", "id_licence", "id_architecture", "id_total_params_b",
        "id_release_date", "endpoints-group", "sources-group",
    }  # fmt: skip


def test_a_refused_page_lists_what_was_typed_not_what_is_stored(curator_client: Client) -> None:
    model = as_draft(with_sources(petit_3b()))
    refused = curator_client.post(
        change_url(model), form_data(curator_client, change_url(model), name=None, release_date=None)
    )
    places = [place for place, _sentence in refused.context["missing"].linked_issues]
    assert places == ["id_name", "id_release_date"]


def test_nobody_else_reads_the_list_and_nothing_is_saved(client: Client, curator: User) -> None:
    model = as_draft(petit_3b())
    User.objects.create_user("sans-droit", password=PASSWORD, is_staff=True)
    client.login(username="sans-droit", password=PASSWORD)
    assert client.post(f"{MISSING}?model={model.pk}", {"name": "X"}).status_code == 403
    client.force_login(curator)
    assert client.get(f"{MISSING}?model={model.pk}").status_code == 405
    assert client.post(f"{MISSING}?model=rien", {"name": "X"}).status_code == 200
    assert (LanguageModel.objects.get().name, Source.objects.count()) == ("Petit-3B", 0)


def test_a_draft_of_discovery_lists_every_fact_it_lacks_and_may_be_saved_without(
    curator_client: Client,
) -> None:
    server = ModelServer("http://127.0.0.1:9/v1")
    register_models(server, [OfferedModel("jamais-vu:9b")], enable=False, draft_unknown=True)
    model = LanguageModel.objects.get()
    for missing in (
        curator_client.get(change_url(model)).context["missing"],
        missing_in_form(
            QueryDict(urlencode(form_data(curator_client, change_url(model)), doseq=True)), model
        ),
    ):
        assert {place for place, _sentence in missing.linked_issues} == {
            "id_organisation", "id_licence", "id_release_date", "id_hypothesis_low_b", "id_hypothesis_why_fr",
            "sources-group",
        }  # fmt: skip
    typed = form_data(curator_client, change_url(model), name="Jamais Vu 9B")
    assert curator_client.post(change_url(model), typed).status_code == 302
    refused = curator_client.post(
        change_url(model), form_data(curator_client, change_url(model), weight_bits="8")
    )
    assert refused.status_code == 200
    assert LanguageModel.objects.get().name == "Jamais Vu 9B"
