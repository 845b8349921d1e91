"""Where an endpoint answers: what is suggested, what a form keeps, what files carry."""

import json
from typing import Any

import pytest

from backends.presets import PRESETS
from models_registry.endpoint_hosting import Place, bits_in_name, suggest_hosting, suggest_place
from models_registry.exchange.export import export_json
from models_registry.forms import EndpointForm
from models_registry.models import Endpoint
from tests.cast import petit_3b

HERE, SERVER, CLOUD = Place.THIS_COMPUTER, Place.OWN_SERVER, Place.CLOUD


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://localhost:11434/v1", HERE),
        ("http://127.0.0.1:8101/v1", HERE),
        ("http://[::1]:8080/v1", HERE),
        ("http://host.docker.internal:11434/v1", HERE),
        ("http://192.168.1.20:8000/v1", SERVER),
        ("http://10.3.0.4/v1", SERVER),
        ("http://[fd12::1]:8000/v1", SERVER),
        ("http://vllm:8000/v1", SERVER),
        ("https://ia.lycee.local/v1", SERVER),
        ("https://api.exemple.fr/v1", CLOUD),
        ("https://8.8.8.8/v1", CLOUD),
        ("pas une adresse", CLOUD),
    ],
)
def test_an_address_suggests_a_place(address: str, place: Place) -> None:
    assert suggest_place(address) is place


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.slug)
def test_a_known_service_is_a_cloud_and_a_known_program_this_computer(preset: Any) -> None:
    assert suggest_place(preset.base_url) is (CLOUD if preset.api_key_env else HERE)


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("petit:3b-instruct-q4_K_M", 4),
        ("Meta-Llama-3.1-8B-Instruct-Q8_0.gguf", 8),
        ("x-iq2_xxs", 2),
        ("Qwen3-32B-FP8", 8),
        ("x-q4f16_1", 4),
        ("gpt-oss-20b-mxfp4", 4),
        ("Qwen2.5-7B-Instruct-AWQ", 4),
        ("x-w4a16", 4),
        ("gemma-mlx-4bit", 4),
        ("x:8b-bf16", 16),
        ("Qwen3-8B", None),
        ("llama-3.3-70b", None),
    ],
)
def test_a_name_tells_the_precision_of_its_file(name: str, bits: float | None) -> None:
    assert bits_in_name(name) == bits


def test_a_file_of_ollama_has_four_bits_unless_its_name_says_otherwise() -> None:
    address = "http://localhost:11434/v1"
    assert suggest_hosting(address, "llama3.2:3b")["served_bits"] == 4
    assert suggest_hosting(address, "llama3.2:3b-instruct-fp16")["served_bits"] == 16
    assert suggest_hosting("https://api.mistral.ai/v1", "x-fp8") == {"hosting": CLOUD}


ALL = {
    "accelerator": "H100",
    "accelerator_count": 2,
    "simultaneous_answers": 12.5,
    "load_is_measured": True,
    "processor": "gpu",
    "power_watts": 90.0,
    "served_bits": 8.0,
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "facts"),
    [
        (CLOUD, {}),
        (
            SERVER,
            {
                "accelerator": "H100",
                "accelerator_count": 2,
                "simultaneous_answers": 12.5,
                "load_is_measured": True,
                "served_bits": 8.0,
            },
        ),
        (HERE, {"processor": "gpu", "power_watts": 90.0, "served_bits": 8.0}),
    ],
)
def test_a_form_keeps_the_facts_of_the_chosen_place_only(place: Place, facts: dict[str, Any]) -> None:
    endpoint = petit_3b().endpoints.get()
    fields = json.loads(export_json())["models"][0]["endpoints"][0]
    form = EndpointForm({**fields, **ALL, "hosting": place.value}, instance=endpoint)
    assert form.is_valid(), form.errors
    form.save()
    stored = Endpoint.objects.get()
    assert stored.hosting_facts() == {"kind": place.value, **facts}
    carried = json.loads(export_json())["models"][0]["endpoints"][0]
    assert {name: carried[name] for name in ("hosting", *facts)} == {"hosting": place.value, **facts}


@pytest.mark.django_db
def test_what_a_curator_has_not_said_is_a_cloud() -> None:
    assert petit_3b().endpoints.get().hosting_facts() == {"kind": "cloud"}
