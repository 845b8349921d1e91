"""A curator keeps the models: lists, sheets, validation beside the fields, actions, history."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from models_registry.models import Endpoint, LanguageModel, Source
from models_registry.pages.energy import energy_summary
from tests.cast import NOWHERE, grand_70b, melange_117b, open_licence, petit_3b, secret
from tests.models_registry.admin.model_form import (
    ADD,
    LIST,
    change_url,
    form_data,
    new_endpoint,
    with_sources,
)
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
NEW_ENDPOINT = {"base_url": "http://127.0.0.1:11434/v1", "provider_model": "neuf:7b"}
NEW_SOURCE = {
    "sources-TOTAL_FORMS": "1",
    "sources-0-facts": ["size", "architecture", "licence", "date"],
    "sources-0-link": "https://fiche.example",
    "sources-0-title": "Fiche du modèle",
}


def errors(response: Any) -> dict[str, list[str]]:
    """The sentences of a refused page, by field; those of a list under its name."""
    context = response.context
    errors = {name: list(sentences) for name, sentences in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        if sentences := [*inline.formset.non_form_errors(), *filter(None, inline.formset.errors)]:
            errors[inline.formset.prefix] = sentences
    return errors


def test_the_list_tells_what_a_curator_looks_for(curator_client: Client) -> None:
    petit_3b().endpoints.get().record_success(1234)
    with_sources(secret())
    text = curator_client.get(LIST).content.decode()
    for words in (
        "Petit-3B",
        "Fabrique Quatrevents",
        "3,07 Md",
        "répond en 1\xa0234\xa0ms",
        "0/4",
        "Poids ouverts",
    ):
        assert words in text
    for words in ("Secret-Un", "90 Md à 610 Md", "jamais essayé", "4/4", "14 mars 2025"):
        assert words in text


def test_the_list_does_not_ask_more_for_more_models(
    curator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    petit_3b()
    curator_client.get(LIST)  # content types and rights are read once
    with django_assert_num_queries(11) as few:  # one of them: does this account owe a code?
        curator_client.get(LIST)
    for cast in (grand_70b, melange_117b, secret):
        with_sources(cast())
    with django_assert_num_queries(len(few)):
        curator_client.get(LIST)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status__exact=draft", {"Grand-70B"}),
        ("architecture__exact=mixture_of_experts", {"Mélange-117B"}),
        ("licence__kind__exact=open_weights", {"Petit-3B", "Grand-70B", "Mélange-117B", "Secret-Un"}),
        ("licence__kind__exact=proprietary", set()),
        ("disclosed__exact=0", {"Secret-Un"}),
        ("endpoint=no", {"Mélange-117B"}),
        ("endpoint=yes&health=untried", {"Grand-70B", "Secret-Un"}),
        ("health=paused", {"Petit-3B"}),
        ("health=answers", set()),
        ("health=off", set()),
        ("health=failing", set()),
        ("q=hautemer", {"Grand-70B"}),
        ("q=petit:3b", {"Petit-3B"}),
        ("organisation__id__exact={maker}", {"Petit-3B"}),
    ],
)
def test_the_list_can_be_narrowed(curator_client: Client, query: str, found: set[str]) -> None:
    petit = petit_3b(aliases=["petit:3b"])
    as_draft(grand_70b())
    melange_117b().endpoints.all().delete()
    secret()
    for _ in range(3):
        petit.endpoints.get().record_failure("cut: fin")
    response = curator_client.get(f"{LIST}?{query.format(maker=petit.organisation_id)}")
    assert {model.name for model in response.context["cl"].result_list} == found


def test_a_model_is_added_with_its_sources_and_its_endpoint_and_enabled_at_once(
    curator_client: Client,
) -> None:
    other = petit_3b()
    typed = {
        "name": "Neuf 7B",
        "slug": "neuf-7b",
        "status": "enabled",
        "organisation": other.organisation_id,
        "licence": other.licence_id,
        "release_date": "14/03/2025",
        "architecture": "dense",
        "total_params_b": "7.2",
        "aliases": "neuf:7b\r\nmaison/Neuf-7B\r\n",
    }
    sent = form_data(curator_client, ADD, **typed, **new_endpoint(**NEW_ENDPOINT), **NEW_SOURCE)
    response = curator_client.post(ADD, sent)
    assert response.status_code == 302, errors(response)
    model = LanguageModel.objects.get(slug="neuf-7b")
    assert (model.total_params_b, model.aliases) == (7.2, ["neuf:7b", "maison/Neuf-7B"])
    assert set(model.sources.values_list("fact", "link")) == {
        (fact, "https://fiche.example") for fact in Source.Fact.values
    }
    assert model in LanguageModel.objects.playable()


@pytest.mark.slow
def test_saving_a_sheet_as_it_is_changes_nothing(curator_client: Client) -> None:
    model = with_sources(petit_3b(aliases=["petit:3b"], weight_bits=4.25, experts_total=None))
    before = LanguageModel.objects.filter(pk=model.pk).values().get()
    response = curator_client.post(change_url(model), form_data(curator_client, change_url(model)))
    assert response.status_code == 302, errors(response)
    assert LanguageModel.objects.filter(pk=model.pk).values().get() == before
    assert model.sources.count() == 4
    assert LogEntry.objects.get().get_change_message() == "Aucun champ modifié."


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (
            {"architecture": "mixture_of_experts", "active_params_b": "8"},
            "active_params_b",
            "ne peuvent pas dépasser le total",
        ),
        ({"architecture": "mixture_of_experts"}, "active_params_b", "paramètres actifs par jeton"),
        ({"architecture": "matformer"}, "effective_params_b", "taille effective"),
        (
            {"disclosed": None, "total_params_b": None, "hypothesis_why_fr": "Son prix."},
            "hypothesis_low_b",
            "fourchette",
        ),
        ({"release_date": None}, "release_date", "date de sortie"),
        ({"slug": "Pas Un Slug"}, "slug", "Minuscules"),
        ({"endpoints-0-enabled": None}, "endpoints", "point d’accès activé"),
        ({"endpoints-0-DELETE": "on"}, "endpoints", "point d’accès activé"),
        ({"sources-2-DELETE": "on"}, "sources", "une source pour"),
    ],
)
def test_a_fault_is_shown_beside_its_field_before_anything_is_saved(
    curator_client: Client, typed: dict[str, Any], field: str, words: str
) -> None:
    model = with_sources(petit_3b())
    response = curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    assert response.status_code == 200
    assert any(words in sentence for sentence in errors(response)[field]), errors(response)
    assert (Endpoint.objects.filter(enabled=True).count(), Source.objects.count()) == (1, 4)
    assert LanguageModel.objects.get().architecture == "dense"


def test_an_endpoint_moves_to_another_while_the_model_stays_enabled(curator_client: Client) -> None:
    model = with_sources(petit_3b())
    typed = {**new_endpoint(1, **NEW_ENDPOINT), "endpoints-0-DELETE": "on"}
    curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    assert model.endpoints.get().provider_model == "neuf:7b"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"endpoints-0-base_url": "127.0.0.1:11434"}, "commence par http"),
        ({"endpoints-0-extra_body": "[1]"}, "accolades"),
        ({"endpoints-0-temperature": "3"}, "inférieure ou égale à 2"),
        ({"endpoints-0-timeout_seconds": "0"}, "supérieure ou égale à 1"),
        ({"endpoints-0-api_key_env": "sk-abc"}, "Majuscules"),
        ({"endpoints-0-api_key_env": "CONSO_SECRET_KEY"}, "CONSO_SECRET_KEY appartient au site"),
    ],
)
def test_an_endpoint_that_could_not_be_asked_is_refused(
    curator_client: Client, typed: dict[str, Any], words: str
) -> None:
    model = with_sources(petit_3b())
    response = curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    assert words in str(errors(response)["endpoints"])


def test_emptied_options_are_no_options(curator_client: Client) -> None:
    model = with_sources(petit_3b())
    Endpoint.objects.update(extra_body={"seed": 7})
    typed = {"endpoints-0-extra_body": ""}
    curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    assert Endpoint.objects.get().extra_body == {}


def test_the_history_tells_each_value_before_and_after(curator_client: Client) -> None:
    model = with_sources(petit_3b())
    typed = {
        "total_params_b": "3.2",
        "reasoning": "on",
        "endpoints-0-priority": "2",
        "sources-0-title": "Autre",
    }
    curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    page = curator_client.get(reverse("admin:models_registry_languagemodel_history", args=[model.pk]))
    text = page.content.decode()
    for words in ("3,07 → 3,2", "non → oui", "10 → 2", "Fiche → Autre"):
        assert words in text


def test_energy_is_shown_on_the_sheet_as_on_the_site(curator_client: Client) -> None:
    text = curator_client.get(change_url(petit_3b())).content.decode()
    assert "énergie estimée" in text.lower()
    assert energy_summary(LanguageModel.objects.get()).energy_label in text
    assert "réponse de 400 jetons" in text


def estimate(client: Client, **facts: str) -> str:
    return client.get(reverse("admin:models_registry_languagemodel_estimate"), facts).content.decode()


def test_energy_follows_what_is_typed_and_nothing_is_saved(curator_client: Client) -> None:
    small = estimate(
        curator_client, architecture="dense", disclosed="on", total_params_b="3.07", weight_bits="16"
    )
    large = estimate(
        curator_client, architecture="dense", disclosed="on", total_params_b="70", weight_bits="16"
    )
    assert energy_summary(LanguageModel(architecture="dense", total_params_b=3.07)).energy_label in small
    assert energy_summary(LanguageModel(architecture="dense", total_params_b=70)).energy_label in large
    assert small != large
    assert not LanguageModel.objects.exists()


def test_energy_says_what_it_lacks(curator_client: Client) -> None:
    html = estimate(curator_client, architecture="mixture_of_experts", disclosed="on", total_params_b="47")
    assert "Pas encore d’estimation" in html
    assert "actifs par jeton" in html
    hidden = {"hypothesis_low_b": "90", "hypothesis_high_b": "610", "hypothesis_why_fr": "Son prix."}
    assert "Wh" in estimate(curator_client, architecture="undisclosed", **hidden)


def act(client: Client, action: str, *models: LanguageModel) -> str:
    sent = {"action": action, "_selected_action": [model.pk for model in models]}
    return client.post(LIST, sent, follow=True).content.decode()


def test_enabling_lets_play_those_that_may_and_says_what_the_others_lack(curator_client: Client) -> None:
    ready, bare = with_sources(as_draft(petit_3b())), as_draft(grand_70b())
    bare.endpoints.all().delete()
    text = act(curator_client, "enable", ready, bare)
    assert "1 modèle activé." in text
    assert "Grand-70B n’est pas activé" in text
    assert "point d’accès" in text
    assert LanguageModel.objects.playable().get() == ready
    assert "Brouillon → Activé" in LogEntry.objects.get().get_change_message()


def test_enabling_without_the_key_warns(curator_client: Client) -> None:
    model = with_sources(as_draft(petit_3b()))
    Endpoint.objects.update(api_key_env="CLE_ABSENTE")
    assert "CLE_ABSENTE manque" in act(curator_client, "enable", model)


def test_archiving_keeps_the_sheet_and_warns_when_no_duel_is_left(curator_client: Client) -> None:
    models = [petit_3b(), grand_70b(), melange_117b()]
    assert "plus aucun duel" not in act(curator_client, "archive", models[0])
    assert "plus aucun duel" in act(curator_client, "archive", models[1])
    assert LanguageModel.objects.filter(status="archived").count() == 2


def test_the_public_page_of_a_draft_is_one_click_away(curator_client: Client) -> None:
    model = as_draft(petit_3b())
    public = reverse("models:model", args=[model.slug])
    assert f'href="{public}"' in curator_client.get(change_url(model)).content.decode()
    assert "Petit-3B" in curator_client.get(public).content.decode()
    assert Client().get(public).status_code == 404


def test_a_page_that_settles_more_facts_becomes_more_sources(curator_client: Client) -> None:
    model = as_draft(petit_3b())
    Source.objects.create(model=model, fact="size", link="https://a.example", title="A")
    typed = {"sources-0-facts": ["size", "licence"]}
    curator_client.post(change_url(model), form_data(curator_client, change_url(model), **typed))
    assert set(model.sources.values_list("fact", "link")) == {
        ("size", "https://a.example"),
        ("licence", "https://a.example"),
    }


def test_known_addresses_are_offered(curator_client: Client) -> None:
    text = curator_client.get(ADD).content.decode()
    assert '<option value="https://api.mistral.ai/v1">' in text
    assert '<option value="MISTRAL_API_KEY">' in text


def test_the_group_may_keep_the_registry_and_write_ideas_and_nothing_else(
    curator_client: Client, curator: User
) -> None:
    rights = curator.get_all_permissions()
    assert "models_registry.change_languagemodel" in rights
    others = {right for right in rights if right.startswith(("auth.", "duels.", "admin.", "sessions."))}
    verbs = ("add", "change", "delete", "view")
    assert others == {f"duels.{verb}_{words}" for verb in verbs for words in ("suggestion", "votereason")}
    index = curator_client.get(reverse("admin:index"))
    apps = {app["app_label"]: app["models"] for app in index.context["app_list"]}
    assert "auth" not in apps
    assert [model["object_name"] for model in apps["duels"]] == ["Suggestion", "VoteReason"]
    for forbidden in ("admin:auth_user_changelist", "admin:auth_group_changelist"):
        assert curator_client.get(reverse(forbidden)).status_code == 403


@pytest.mark.parametrize("name", ["changelist", "add", "estimate", "import"])
def test_a_visitor_is_sent_to_the_login(client: Client, name: str) -> None:
    response = client.get(reverse(f"admin:models_registry_languagemodel_{name}"))
    assert response.status_code == 302
    assert "/login/" in response.headers["Location"]


def test_staff_without_rights_may_neither_estimate_nor_try_nor_exchange(client: Client) -> None:
    client.force_login(User.objects.create_user("sans-droit", is_staff=True))
    routes = {"estimate": client.get, "probe": client.post, "import": client.get}
    for name, send in routes.items():
        assert send(reverse(f"admin:models_registry_languagemodel_{name}")).status_code == 403
    export = reverse("admin:models_registry_languagemodel_export", args=["json"])
    assert client.get(export).status_code == 403


def test_organisations_and_licences_tell_how_many_models_hang_on_them(curator_client: Client) -> None:
    petit_3b()
    organisations = curator_client.get(reverse("admin:models_registry_organisation_changelist"))
    assert "Fabrique Quatrevents" in organisations.content.decode()
    licences = curator_client.get(reverse("admin:models_registry_licence_changelist"))
    assert open_licence().name in licences.content.decode()
    assert [row.models_count for row in licences.context["cl"].result_list] == [1]


def test_an_organisation_is_changed_and_its_history_tells(curator_client: Client) -> None:
    maker = petit_3b().organisation
    page = reverse("admin:models_registry_organisation_change", args=[maker.pk])
    sent = {"slug": maker.slug, "name": maker.name, "country": "CH", "site": "quatrevents.example"}
    assert curator_client.post(page, sent).status_code == 302
    maker.refresh_from_db()
    assert (maker.country, maker.site) == ("CH", "https://quatrevents.example")
    assert "FR → CH" in json.dumps(json.loads(LogEntry.objects.get().change_message), ensure_ascii=False)
    assert NOWHERE in [endpoint.base_url for endpoint in Endpoint.objects.all()]


@pytest.mark.slow
def test_more_than_a_thousand_models_are_deleted_at_once(admin_client: Client) -> None:
    known = as_draft(petit_3b())
    facts = {"organisation": known.organisation, "licence": known.licence, "architecture": "dense"}
    LanguageModel.objects.bulk_create(
        LanguageModel(slug=f"modele-{number}", name=f"Modèle {number}", **facts) for number in range(1001)
    )
    pks = list(LanguageModel.objects.values_list("pk", flat=True))
    chosen = {"action": "delete_selected", "select_across": "1", "index": "0", "_selected_action": pks[:1]}
    url = reverse("admin:models_registry_languagemodel_changelist")
    page = admin_client.post(url, chosen)
    assert page.content.decode().count("_selected_action") == 1002
    confirmed = {"action": "delete_selected", "post": "yes", "_selected_action": pks}
    assert admin_client.post(url, confirmed).status_code == 302
    assert not LanguageModel.objects.exists()
