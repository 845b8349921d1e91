"""« Connecter un serveur »: from an address to models that play, on one page."""

import socket

import pytest
from django.test import Client
from django.urls import reverse

from backends.openai.client import Timeouts
from models_registry.admin import connect
from models_registry.admin.connect import MAX_TICKED
from models_registry.discovery import server_list
from models_registry.models import Endpoint, Health, LanguageModel
from tests.cast import grand_70b, petit_3b
from tests.models_registry.conftest import PASSWORD
from tests.upstream import Upstream, answer, refuses

pytestmark = pytest.mark.django_db
CONNECT = reverse("admin:models_registry_languagemodel_connect")


def ready_draft() -> LanguageModel:
    """A model that lacks nothing but a server."""
    model = petit_3b()
    model.endpoints.all().delete()
    for fact in ("size", "architecture", "licence", "date"):
        model.sources.create(fact=fact, link="https://fait.example", title="Fait")
    model.status = LanguageModel.Status.DRAFT
    model.save()
    return model


def test_an_address_becomes_the_list_of_its_models_and_nothing_is_written(curator_client: Client) -> None:
    model = ready_draft()
    with Upstream({"petit-3b": answer("Bonjour"), "inconnu-9b": answer("Salut")}) as upstream:
        html = curator_client.post(CONNECT, {"url": upstream.url}).content.decode()
    assert 'value="petit-3b"' in html and 'value="inconnu-9b"' in html
    assert f"{model.name} (Brouillon)" in html
    assert "1 inconnu du site" in html
    assert not Endpoint.objects.exists()


def test_what_is_ticked_is_connected_tested_and_enabled_by_one_button(curator_client: Client) -> None:
    model = ready_draft()
    with Upstream({"petit-3b": answer("Bonjour"), "inconnu-9b": answer("Salut")}) as upstream:
        tested = curator_client.post(CONNECT, {"url": upstream.url, "offered": ["petit-3b", "inconnu-9b"]})
    html = tested.content.decode()
    assert "Bonjour" in html and "Salut" in html
    assert f'name="model" value="{model.slug}"' in html
    assert 'value="inconnu-9b"' not in html, "a draft without facts cannot play yet"
    assert model.endpoints.get().health == Health.ANSWERS
    curator_client.post(CONNECT, {"enable": "1", "model": [model.slug, "inconnu-9b"]})
    statuses = dict(LanguageModel.objects.values_list("slug", "status"))
    assert statuses == {"petit-3b": "enabled", "inconnu-9b": "draft"}


def test_a_model_whose_server_refuses_is_not_offered_to_play(curator_client: Client) -> None:
    model = ready_draft()
    with Upstream({"petit-3b": refuses(401, "Invalid key")}) as upstream:
        html = curator_client.post(CONNECT, {"url": upstream.url, "offered": "petit-3b"}).content.decode()
    assert "Invalid key" in html
    assert f'name="model" value="{model.slug}"' not in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choisissez un serveur connu, ou donnez l’adresse d’un autre."),
        ({"url": "http://127.0.0.1:9/v1"}, "http://127.0.0.1:9/v1/models"),
        ({"preset": "mistral"}, "MISTRAL_API_KEY"),
        ({"url": "http://127.0.0.1:9/v1", "key": "CLE_D_AILLEURS"}, "CLE_D_AILLEURS"),
        ({"url": "http://127.0.0.1:9/v1", "key": "sk-abc123"}, "jamais la clé elle-même"),
    ],
    ids=["nothing", "nobody there", "no key", "a key that may not go there", "the key itself"],
)
def test_a_server_that_gives_no_list_is_reported_in_a_sentence(
    curator_client: Client, typed: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    response = curator_client.post(CONNECT, typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_server_without_models_gets_a_sentence(curator_client: Client) -> None:
    with Upstream({}) as upstream:
        response = curator_client.post(CONNECT, {"url": upstream.url})
    assert response.status_code == 422
    assert "ne propose aucun modèle" in response.content.decode()


def test_a_server_that_says_nothing_is_given_up(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server_list.LIST_TIMEOUTS.total_seconds <= 20
    monkeypatch.setattr(
        server_list,
        "LIST_TIMEOUTS",
        Timeouts(connect_seconds=0.2, first_token_seconds=0.2, total_seconds=0.4),
    )
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        response = curator_client.post(CONNECT, {"url": address})
    assert response.status_code == 422
    assert "Le serveur ne répond pas" in response.content.decode()


def test_of_three_hundred_models_those_that_the_site_knows_come_first(curator_client: Client) -> None:
    ready_draft()
    names = [*(f"inconnu-{number}b" for number in range(299)), "petit-3b"]
    with Upstream({name: answer("Bonjour") for name in names}) as upstream:
        html = curator_client.post(CONNECT, {"url": upstream.url}).content.decode()
        assert html.index('value="petit-3b"') < html.index('value="inconnu-0b"')
        assert "299 inconnus du site" in html
        assert "<details open" not in " ".join(html.split())
        refused = curator_client.post(CONNECT, {"url": upstream.url, "offered": names[: MAX_TICKED + 1]})
    assert refused.status_code == 422
    assert "Cochez-en 20 au plus" in refused.content.decode()
    assert refused.content.decode().count("checked") == MAX_TICKED + 1
    assert not Endpoint.objects.exists()


def test_the_tests_of_many_models_end_in_time(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "TESTS_SECONDS", -1)
    model = ready_draft()
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        html = curator_client.post(CONNECT, {"url": upstream.url, "offered": "petit-3b"}).content.decode()
        assert [request.body for request in upstream.requests if "messages" in (request.body or {})] == []
    assert "pas encore essayé" in html
    assert f'name="model" value="{model.slug}"' not in html
    assert model.endpoints.get().health == Health.UNTRIED


def test_nobody_else_may_ask_a_server(client: Client) -> None:
    assert "/login/" in client.post(CONNECT, {"url": "http://127.0.0.1:9/v1"}).headers["Location"]


def test_the_board_counts_who_plays_and_what_keeps_others_from_it(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLE_ABSENTE", raising=False)
    grand_70b()
    petit_3b().endpoints.update(api_key_env="CLE_ABSENTE")
    rows = {row.label: row for row in curator_client.get("/admin/").context["board"]}
    assert {label: (row.count, row.names) for label, row in rows.items()} == {
        "Jouent": (1, ["Grand-70B"]),
        "En pause après des échecs": (0, []),
        "Sans leur clé": (1, ["Petit-3B"]),
        "Brouillons": (0, []),
        "Avec une source non lue": (0, []),
    }
    for row in rows.values():
        shown = curator_client.get(row.url)
        assert shown.status_code == 200
        assert shown.context["cl"].result_count >= row.count


def test_the_board_leads_to_the_sources_that_nobody_has_read(curator_client: Client) -> None:
    ready_draft()
    row = next(row for row in curator_client.get("/admin/").context["board"] if "source" in row.label)
    assert row.names == ["Petit-3B"]
    assert curator_client.get(row.url).context["cl"].result_count == 1


def test_staff_without_rights_see_no_board(client: Client, django_user_model: type) -> None:
    client.force_login(django_user_model.objects.create_user("sans-droit", password=PASSWORD, is_staff=True))
    assert client.get("/admin/").context["board"] == []


def test_a_draft_says_on_top_what_it_lacks(curator_client: Client) -> None:
    model = ready_draft()
    change = reverse("admin:models_registry_languagemodel_change", args=[model.pk])
    html = curator_client.get(change).content.decode()
    assert "Ce qui manque pour l’activer" in html
    assert "un point d’accès activé" in html
    model.endpoints.create(base_url="http://127.0.0.1:9/v1", provider_model="petit-3b")
    assert "Il ne manque rien" in curator_client.get(change).content.decode()
