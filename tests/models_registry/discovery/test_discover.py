"""Registering the models that a server offers, on a scripted server and on the real llama.cpp."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django.fixtures import Settings

from backends.presets import PRESETS
from models_registry.discovery.probe import probe
from models_registry.models import Endpoint, LanguageModel, Source
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue
from tests.cast import NOWHERE, petit_3b
from tests.models_registry.drafts import as_draft
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.django_db


def discover(*arguments: str) -> str:
    output = StringIO()
    call_command("discover", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def server() -> Iterator[Upstream]:
    names = ("petit:3b-instruct-q4_K_M", "maison/Tout-Neuf_7B")
    with Upstream({name: answer("Bonjour") for name in names}) as upstream:
        yield upstream


@pytest.fixture
def known() -> LanguageModel:
    """A complete draft, without endpoint."""
    model = as_draft(petit_3b(aliases=["petit:3b"]))
    model.endpoints.all().delete()
    for fact in Source.Fact.values:
        Source.objects.create(model=model, fact=fact, link="https://fiche.example", title="Fiche")
    return model


def test_a_known_model_gets_its_endpoint_and_an_unknown_one_a_draft(
    server: Upstream, known: LanguageModel
) -> None:
    output = discover(server.url)
    endpoint = known.endpoints.get()
    assert (endpoint.base_url, endpoint.provider_model) == (server.url, "petit:3b-instruct-q4_K_M")
    draft = LanguageModel.objects.get(slug="maison-tout-neuf-7b")
    assert (draft.status, draft.name, draft.aliases) == ("draft", "Tout-Neuf_7B", ["maison/Tout-Neuf_7B"])
    assert draft.endpoints.get().provider_model == "maison/Tout-Neuf_7B"
    assert (draft.total_params_b, draft.release_date) == (None, None)
    assert "relié à Petit-3B (brouillon)" in output
    assert "la fiche garde la précision publiée" in output
    assert "brouillon créé" in output


def test_a_second_time_changes_nothing(server: Upstream, known: LanguageModel) -> None:
    discover(server.url)
    known.endpoints.update(priority=3)
    output = discover(f"{server.url}/")
    assert (LanguageModel.objects.count(), Endpoint.objects.count()) == (2, 2)
    assert known.endpoints.get().priority == 3
    assert output.count("déjà relié à") == 2


def test_enable_lets_play_what_is_complete_and_says_what_the_others_lack(
    server: Upstream, known: LanguageModel
) -> None:
    output = discover(server.url, "--enable")
    assert LanguageModel.objects.playable().get() == known
    assert "relié à Petit-3B (activé)" in output
    assert "pas activé : La taille n’est pas publiée" in output
    assert "pas activé : Choisissez l’organisation" in output


def test_an_archived_model_stays_archived(server: Upstream, known: LanguageModel) -> None:
    LanguageModel.objects.update(status=LanguageModel.Status.ARCHIVED)
    discover(server.url, "--enable")
    known.refresh_from_db()
    assert known.status == LanguageModel.Status.ARCHIVED


def test_known_only_makes_no_drafts(server: Upstream, known: LanguageModel) -> None:
    output = discover(server.url, "--known-only")
    assert LanguageModel.objects.get() == known
    assert "laissé de côté" in output


def test_list_writes_nothing(server: Upstream, known: LanguageModel) -> None:
    assert "maison/Tout-Neuf_7B" in discover(server.url, "--list")
    assert not Endpoint.objects.exists()


def test_an_endpoint_that_a_curator_moved_is_followed(server: Upstream, known: LanguageModel) -> None:
    discover(server.url)
    LanguageModel.objects.get(slug="maison-tout-neuf-7b").endpoints.update(model=known)
    discover(server.url)
    assert known.endpoints.count() == 2


def test_two_unknown_models_of_one_slug_are_two_drafts() -> None:
    with Upstream({"a/Neuf 7B": answer("x"), "a-neuf-7b!": answer("x")}) as upstream:
        discover(upstream.url)
    assert set(LanguageModel.objects.values_list("slug", flat=True)) == {"a-neuf-7b", "a-neuf-7b-2"}


def test_the_context_that_the_server_states_is_stored() -> None:
    with Upstream() as upstream:
        upstream.models = [{"id": "neuf", "max_model_len": 8192}]
        discover(upstream.url)
    assert LanguageModel.objects.get().context_window_tokens == 8192


def test_the_key_is_read_from_its_variable_and_only_its_name_is_stored(
    server: Upstream, known: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLE_D_ESSAI", "sk-très-secret".encode("ascii", "ignore").decode())
    discover(server.url, "--api-key-env", "CLE_D_ESSAI")
    assert server.requests[0].headers["Authorization"] == "Bearer sk-trs-secret"
    assert {endpoint.api_key_env for endpoint in Endpoint.objects.all()} == {"CLE_D_ESSAI"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Donnez une adresse"),
        (("--preset", "inconnu"), "connus : openai, mistral"),
        (("pas une adresse",), "commence par http"),
        ((NOWHERE,), "injoignable"),
        ((NOWHERE, "--api-key-env", "CLE_ABSENTE"), "CLE_ABSENTE est vide"),
        (("--preset", "mistral", "--api-key-env", "CLE_ABSENTE"), "CLE_ABSENTE=api.mistral.ai dans son env"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        discover(*arguments)


def test_a_preset_brings_its_key_and_its_options(
    server: Upstream, known: LanguageModel, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", "x")
    settings.MODEL_KEYS = {("MISTRAL_API_KEY", "127.0.0.1")}
    discover(server.url, "--preset", "mistral")
    mistral = next(preset for preset in PRESETS if preset.slug == "mistral")
    assert known.endpoints.get().api_key_env == "MISTRAL_API_KEY"
    assert known.endpoints.get().extra_body == dict(mistral.options)


@pytest.fixture
def llama_cpp(tmp_path: Path) -> Iterator[str]:
    """The address of the real server of one of the demo models."""
    command = [sys.executable, "-m", "backends.local", "smollm2-135m-instruct", "--state-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = process.stdout.readline().split()
        assert ready[0] == "ready"
        yield ready[1]
        process.terminate()


def test_in_english_every_line_is_english(server: Upstream, known: LanguageModel) -> None:
    with translation.override("en"):
        output = discover(server.url, "--enable")
    assert f"{server.url} offers 2 models." in output
    assert "connected to Petit-3B (enabled)" in output
    assert "not enabled: Choose the" in output


@pytest.mark.slow
def test_the_real_llama_cpp_is_discovered_matched_enabled_and_answers(llama_cpp: str) -> None:
    load_catalogue(read_catalogue())
    output = discover(llama_cpp, "--enable")
    model = LanguageModel.objects.playable().get()
    assert model.slug == "smollm2-135m-instruct"
    assert "(activé)" in output
    result = probe(model.endpoints.get())
    assert result.failure is None, result.detail
    assert result.text
    assert not result.counted


def test_a_draft_that_nobody_completed_gives_its_name_back(server: Upstream, known: LanguageModel) -> None:
    discover(server.url)
    known.aliases = [*known.aliases, "maison/Tout-Neuf_7B"]
    known.save()
    assert "relié à Petit-3B" in discover(server.url)
    assert known.endpoints.count() == 2


def test_a_draft_that_was_deleted_is_made_again(server: Upstream, known: LanguageModel) -> None:
    discover(server.url)
    LanguageModel.objects.get(slug="maison-tout-neuf-7b").delete()
    assert "brouillon créé" in discover(server.url)


def test_the_nearest_model_is_suggested_for_an_unknown_one(known: LanguageModel) -> None:
    with Upstream({"petit-7b": answer("x")}) as upstream:
        output = discover(upstream.url)
    assert "le plus proche : Petit-3B (petit-3b)" in output


def test_a_name_that_the_row_gives_beside_its_id_is_matched(known: LanguageModel) -> None:
    with Upstream() as upstream:
        upstream.models = [{"id": "albert-small", "aliases": ["org/Petit-3B-Instruct"]}]
        discover(upstream.url)
    assert known.endpoints.get().provider_model == "albert-small"


def test_a_wrong_address_is_reported_with_the_one_to_try(server: Upstream) -> None:
    server.models = {"error": "Unexpected endpoint"}
    wrong = server.url.removesuffix("/v1")
    with pytest.raises(CommandError) as raised:
        discover(wrong)
    message = str(raised.value)
    assert f"Adresse demandée : {wrong}/models. Essayez {wrong}/v1." in message
    assert "Unexpected endpoint" in message
