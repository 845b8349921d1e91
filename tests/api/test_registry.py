"""Models over the programming interface: what is published, under which names, with which sources."""

import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from models_registry.exchange.news import VARIANT
from models_registry.models import LanguageModel, Source
from tests import cast
from tests.api.client import get

# As compar:IA, Hugging Face, Ollama, OpenRouter and EcoLogits write them.
NAMES = {
    "llama-3.3-70b": ("Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct", "llama3.3:70b"),
    "mixtral-8x22b": ("mixtral-8x22b-instruct-v0.1", "mistralai/Mixtral-8x22B-Instruct-v0.1"),
    "gpt-4o-mini": ("gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"),
    "apertus-70b": ("Apertus-70B-Instruct-2509", "swiss-ai/Apertus-70B-Instruct-2509"),
    "llama-3.1-8b": ("llama-3.1-8b", "llama3.1:8b-instruct-q4_0"),
}


def test_a_model_answers_to_its_names_elsewhere(registry: None) -> None:
    for slug, names in NAMES.items():
        expected = get(f"models/{slug}")["slug"]
        for name in names:
            assert get(f"models/{name}")["slug"] == expected == slug, name
            assert get("estimate", {"model": name})["model"]["slug"] == slug, name


def test_the_names_of_ecologits_are_known(registry: None) -> None:
    spec = find_spec("ecologits")
    assert spec and spec.submodule_search_locations
    listed = json.loads(Path(spec.submodule_search_locations[0], "data", "models.json").read_text("utf-8"))
    names = [each["name"] for each in listed["models"] if each["provider"] != "huggingface_hub"]
    names = sorted({name for name in names if not VARIANT.search(name)})
    from api.name_lookup import public_names

    found = [name for name in names if public_names().find_served(name)]
    assert len(found) >= 0.5 * len(names)


def test_a_fact_comes_with_its_source(db: None) -> None:
    model = cast.petit_3b()
    Source.objects.create(
        model=model, fact="size", title="Fiche", link="https://fiche.example/", read_on=date(2026, 3, 1)
    )
    document = get("models/petit-3b")
    assert document["sources"] == [
        {"fact": "size", "title": "Fiche", "link": "https://fiche.example/", "read_on": "2026-03-01"}
    ]
    assert document["total_params_b"] == 3.07 and document["licence"]["kind"] == "open_weights"
    assert document["licence"]["sentence"] == {"fr": "Chacun peut s’en servir.", "en": "Anybody may use it."}
    assert get("models/PETIT-3B") == document
    undisclosed = cast.secret()
    assert get(f"models/{undisclosed.slug}")["hypothesis"]["total_high_b"] == 610


def test_a_draft_is_nowhere(db: None) -> None:
    cast.grand_70b()
    draft = cast.petit_3b()
    LanguageModel.objects.filter(pk=draft.pk).update(
        status=LanguageModel.Status.DRAFT, aliases=["Petit Secret"]
    )
    assert [each["slug"] for each in get("models")["items"]] == ["grand-70b"]
    for name in ("petit-3b", "Petit Secret", "Petit-3B"):
        get(f"models/{name}", status=404)
        get("estimate", {"model": name}, status=404)
        get(f"leaderboard/history/{name}", status=404)


def test_models_are_found_by_word_and_by_maker(registry: None) -> None:
    found = get("models", {"words": "mixtral", "organisation": "mistral-ai", "limit": 200})
    assert found["total"] == len(found["items"]) > 1
    assert all("ixtral" in each["name"] for each in found["items"])
