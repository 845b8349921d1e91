"""« Tester », and everyone's health at a glance."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from models_registry.admin.filters import with_health
from models_registry.models import Endpoint, Health
from tests.cast import grand_70b, petit_3b
from tests.models_registry.admin.model_form import change_url, form_data, new_endpoint
from tests.upstream import Upstream, answer, refuses

pytestmark = pytest.mark.django_db
PROBE = reverse("admin:models_registry_languagemodel_probe")
LIST = reverse("admin:models_registry_endpoint_changelist")


def press(client: Client, row: str, sent: dict[str, Any], **headers: str) -> str:
    """The button of a row: the whole form goes with it."""
    return client.post(PROBE, {**sent, f"{row}-probe": "1"}, headers=headers or None).content.decode()


def test_a_stored_endpoint_is_tried_and_its_health_is_stored(curator_client: Client) -> None:
    with Upstream({"petit-3b": answer("Bonjour", " <b>à vous</b>")}) as upstream:
        model = petit_3b(upstream.url)
        html = press(
            curator_client,
            "endpoints-0",
            form_data(curator_client, change_url(model)),
            **{"X-Requested-With": "fetch"},
        )
    assert "Premier jeton en" in html
    assert "2 jetons" in html
    assert "Bonjour &lt;b&gt;à vous&lt;/b&gt;" in html
    assert "<html" not in html
    assert Endpoint.objects.get().health == Health.ANSWERS


def test_an_error_is_shown_in_words_with_the_servers_own(curator_client: Client) -> None:
    with Upstream({"petit-3b": refuses(401, "Invalid key")}) as upstream:
        model = petit_3b(upstream.url)
        html = press(curator_client, "endpoints-0", form_data(curator_client, change_url(model)))
    assert "refuse la clé" in html
    assert "Invalid key" in html
    assert "Rien n’a été enregistré" in html  # without a script, a page of its own
    assert Endpoint.objects.get().health == Health.FAILING


def test_what_is_only_typed_is_tried_and_nothing_is_saved(curator_client: Client) -> None:
    with Upstream({"autre": answer("Salut")}) as upstream:
        model = petit_3b()
        sent = form_data(curator_client, change_url(model))
        sent |= {"endpoints-0-base_url": upstream.url, "endpoints-0-provider_model": "autre"}
        html = press(curator_client, "endpoints-0", sent)
    assert "Salut" in html
    assert Endpoint.objects.get().provider_model == "petit-3b"
    assert Endpoint.objects.get().health == Health.UNTRIED


def test_a_row_that_is_not_there_yet_is_tried(curator_client: Client) -> None:
    with Upstream({"autre": answer("Salut")}) as upstream:
        sent = new_endpoint(3, base_url=upstream.url, provider_model="autre")
        html = press(curator_client, "endpoints-3", sent)
    assert "Salut" in html
    assert not Endpoint.objects.exists()


def test_a_row_that_cannot_be_tried_says_why(curator_client: Client) -> None:
    sent = {"endpoints-0-base_url": "chez moi", "endpoints-0-provider_model": "x"}
    html = press(curator_client, "endpoints-0", sent)
    assert "À corriger avant l’essai" in html
    assert "commence par http" in html


def test_a_probe_is_a_post_with_a_token(curator_client: Client) -> None:
    assert curator_client.get(PROBE).status_code == 405
    assert curator_client.post(PROBE, {}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = curator_client.cookies
    assert strict.post(PROBE, {"endpoints-0-probe": "1"}).status_code == 403


def test_the_list_of_endpoints_tells_health_error_and_missing_key(curator_client: Client) -> None:
    petit, grand = petit_3b().endpoints.get(), grand_70b().endpoints.get()
    Endpoint.objects.filter(pk=grand.pk).update(api_key_env="CLE_ABSENTE")
    for _ in range(3):
        petit.record_failure("unreachable: refused")
        petit.refresh_from_db()
    text = curator_client.get(LIST).content.decode()
    for words in (
        "en pause jusqu’à",
        "Le serveur est injoignable",
        "CLE_ABSENTE",
        "absente",
        "jamais essayé",
    ):
        assert words in text


def test_endpoints_are_tried_and_woken_from_their_list(curator_client: Client) -> None:
    with Upstream({"petit-3b": answer("Bonjour"), "grand-70b": refuses(503)}) as upstream:
        endpoints = [petit_3b(upstream.url).endpoints.get(), grand_70b(upstream.url).endpoints.get()]
        sent = {"action": "try_now", "_selected_action": [endpoint.pk for endpoint in endpoints]}
        html = curator_client.post(LIST, sent, follow=True).content.decode()
    assert "Petit-3B répond" in html
    assert "Le serveur est en panne" in html
    curator_client.post(LIST, {**sent, "action": "end_pause"})
    assert set(Endpoint.objects.values_list("consecutive_failures", flat=True)) == {0}


def test_an_endpoint_is_neither_added_nor_removed_outside_the_page_of_its_model(
    curator_client: Client,
) -> None:
    endpoint = petit_3b().endpoints.get()
    assert curator_client.get(reverse("admin:models_registry_endpoint_add")).status_code == 403
    delete = reverse("admin:models_registry_endpoint_delete", args=[endpoint.pk])
    assert curator_client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("state", ["enabled", "disabled", "failing", "paused", "woken", "answers"])
def test_the_filter_and_the_sheet_agree_on_health(state: str) -> None:
    endpoint = petit_3b().endpoints.get()
    for _ in range({"failing": 1, "paused": 3, "woken": 3}.get(state, 0)):
        endpoint.record_failure("cut: fin")
    if state == "woken":
        Endpoint.objects.update(paused_until="2020-01-01T00:00:00Z")
    if state == "answers":
        endpoint.record_success(80)
    Endpoint.objects.update(enabled=state != "disabled")
    agreed = [health for health in Health if Endpoint.objects.filter(with_health(health)).exists()]
    assert agreed == [Endpoint.objects.get().health]


def test_an_endpoint_is_changed_on_the_page_of_its_model(curator_client: Client) -> None:
    model = petit_3b()
    endpoint = Endpoint.objects.get()
    alone = reverse("admin:models_registry_endpoint_change", args=[endpoint.pk])
    assert curator_client.get(alone)["Location"] == change_url(model)
    assert curator_client.get(alone.replace(str(endpoint.pk), "999999")).status_code == 404


def test_a_price_is_written_without_a_useless_zero(curator_client: Client) -> None:
    model = petit_3b()
    Endpoint.objects.update(price_in_eur=3.0, price_out_eur=0.25)
    page = curator_client.get(change_url(model)).content.decode()
    for price, shown in (("in", "3"), ("out", "0.25")):
        assert re.search(rf'name="endpoints-0-price_{price}_eur" value="{shown}"', page)


def test_the_probe_names_the_variable_that_is_empty_and_sends_nothing(curator_client: Client) -> None:
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        model = petit_3b(upstream.url)
        model.endpoints.update(api_key_env="CLE_ABSENTE")
        html = press(curator_client, "endpoints-0", form_data(curator_client, change_url(model)))
        assert upstream.requests == []
    assert "La variable CLE_ABSENTE est vide" in html
    assert Endpoint.objects.get().health == Health.NO_KEY
    assert Endpoint.objects.get().last_check is None


def test_a_redirect_that_is_not_followed_is_shown_with_the_address_to_write(curator_client: Client) -> None:
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        upstream.moved_to["/v1/chat/completions"] = (308, "ftp://ailleurs.example/v1/chat/completions")
        model = petit_3b(upstream.url)
        html = press(curator_client, "endpoints-0", form_data(curator_client, change_url(model)))
    assert "Ce serveur renvoie vers ftp://ailleurs.example/v1 : mettez cette adresse." in html


def test_a_redirect_to_another_host_that_wants_the_key_is_shown(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLE_D_ESSAI", "sk-1")
    with Upstream({"petit-3b": refuses(401)}) as new, Upstream() as old:
        old.moved_to["/v1/chat/completions"] = (307, f"{new.url}/chat/completions")
        model = petit_3b(old.url)
        model.endpoints.update(api_key_env="CLE_D_ESSAI")
        html = press(curator_client, "endpoints-0", form_data(curator_client, change_url(model)))
        assert "Authorization" not in new.requests[0].headers
    assert f"Ce serveur renvoie vers {new.url} : mettez cette adresse." in html
