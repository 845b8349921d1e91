"""The simulator equals science/energy to the last digit, and keeps its state in the address."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from learn import simulator
from learn.model_choices import models_by_slug
from models_registry.models import LanguageModel
from science.energy import METHODS, Architecture, ModelShape, estimate, ratio

HERE = reverse("learn:simulator")
JSON = reverse("learn:simulator_json")
FREE = {"architecture": "dense", "total": "8", "bits": "16", "tokens": "400", "batch": "64", "model": ""}


def address(
    a: dict[str, Any] | None = None, b: dict[str, Any] | None = None, **others: str
) -> dict[str, str]:
    """Two configurations as an address; what is not said is a dense 8B."""
    sides = {"a": FREE | (a or {}), "b": FREE | (b or {})}
    fields = {f"{side}-{name}": value for side, values in sides.items() for name, value in values.items()}
    return {name: value for name, value in fields.items() if value is not None} | others


def interval_json(estimated: Any) -> dict[str, float]:
    return {"low": estimated.low, "mid": estimated.mid, "high": estimated.high}


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_every_model_of_the_registry_gives_the_estimate_to_the_last_digit(
    registry: None, method: str
) -> None:
    found = models_by_slug()
    for slug, entry in found.items():
        query = QueryDict(f"a-model={slug}&b-model=gemma-3n-e4b&a-tokens=617&method={method}")
        filled = simulator.build_forms(simulator.parse_query(query, found), found)
        assert filled.are_valid, (slug, filled.errors)
        first = simulator.simulate(filled, found).sides[0]
        assert first.estimate == estimate(entry.shape, 617.0, method), slug
        assert first.title == entry.model.name


numbers = st.floats(0.1, 3000)


@settings(deadline=None)
@given(total=numbers, share=st.floats(0.01, 1), bits=st.floats(1, 32), tokens=st.integers(1, 100_000))
def test_any_figures_typed_give_the_estimate_to_the_last_digit(
    total: float, share: float, bits: float, tokens: int
) -> None:
    active = max(total * share, 0.001)
    mixture = {
        "architecture": "mixture_of_experts",
        "total": repr(total),
        "active": repr(active),
        "bits": repr(bits),
        "tokens": str(tokens),
        "batch": "7",
    }
    query = QueryDict(mutable=True)
    query.update(address(mixture))
    filled = simulator.build_forms(simulator.parse_query(query, {}), {})
    assert filled.are_valid, filled.errors
    result = simulator.simulate(filled, {})
    shape = ModelShape(Architecture.MIXTURE_OF_EXPERTS, total, active, bits)
    expected = estimate(shape, float(tokens), batch=7.0)
    assert result.sides[0].estimate == expected
    assert result.ratio == ratio(expected, estimate(ModelShape(Architecture.DENSE, 8.0), 400.0))


def test_the_json_carries_the_exact_figures(registry: None, client: Client) -> None:
    result = client.get(JSON, {"a-model": "gpt-4", "b-model": "mixtral-8x7b", "a-tokens": "321"}).json()
    shapes = {slug: LanguageModel.objects.get(slug=slug).shape() for slug in ("gpt-4", "mixtral-8x7b")}
    first, second = estimate(shapes["gpt-4"], 321), estimate(shapes["mixtral-8x7b"], 400)
    assert result["sides"]["a"]["energy_wh"] == interval_json(first.energy_wh)
    assert result["sides"]["b"]["energy_wh"] == interval_json(second.energy_wh)
    assert result["ratio_a_over_b"] == interval_json(ratio(first, second).same_conditions)


def test_the_page_shows_the_exact_figures_too(registry: None, client: Client) -> None:
    query = {"a-model": "llama-3.3-70b", "b-model": "gemma-3n-e4b", "b-batch": "1"}
    body = client.get(HERE, query).content.decode()
    result = client.get(JSON, query).json()
    for side in result["sides"].values():
        assert f'<data value="{side["energy_wh"]["mid"]!r}">' in body
        assert all(f"<td>{value!r}</td>" in body for value in side["energy_wh"].values())


def test_the_form_leads_to_an_address_that_says_everything(registry: None, client: Client) -> None:
    sent = address({"total": "70,6", "tokens": "1 000"}, method="physical-2026")
    response = client.get(HERE, sent | {"a-from": "", "b-from": ""})
    assert response.status_code == 302
    query = {name: value[0] for name, value in parse_qs(urlsplit(response["Location"]).query).items()}
    assert query["a-total"] == "70.6" and query["a-tokens"] == "1000"
    assert not [name for name in query if name.endswith("from")]
    assert client.get(response["Location"]).status_code == 200


def test_a_model_just_chosen_fills_the_figures_and_keeps_the_length(registry: None, client: Client) -> None:
    sent = address({"model": "deepseek-v3", "tokens": "55"}) | {"a-from": "", "b-from": ""}
    result = client.get(JSON, sent).json()["sides"]
    assert (result["a"]["total_params_b"], result["a"]["weight_bits"], result["a"]["tokens"]) == (671, 8, 55)
    assert result["b"]["total_params_b"] == 8


def test_a_model_whose_figures_were_changed_is_said_to_be_changed(registry: None, client: Client) -> None:
    figures = {"model": "llama-3.3-70b", "total": "70.6", "bits": "8"}
    result = client.get(JSON, address(figures)).json()["sides"]["a"]
    assert result["title"] == "Llama 3.3 70B Instruct, modifié"


def test_an_address_may_change_one_figure_of_a_model(registry: None, client: Client) -> None:
    result = client.get(JSON, {"a-model": "gpt-4", "a-bits": "8", "b-model": "gpt-4"}).json()["sides"]
    assert result["a"] | {"weight_bits": 16} != result["a"]
    assert (result["a"]["total_range_b"], result["a"]["weight_bits"]) == (result["b"]["total_range_b"], 8)


def test_figures_of_another_architecture_are_left_aside() -> None:
    query = QueryDict(mutable=True)
    query.update(address({"active": "99", "active_high": "3", "total_high": "1"}))
    assert simulator.build_forms(simulator.parse_query(query, {}), {}).are_valid


@pytest.mark.parametrize(
    ("figures", "field", "sentence"),
    [
        ({"total": "beaucoup"}, "a-total", "« beaucoup » n’est pas un nombre."),
        ({"total": "inf"}, "a-total", "« inf » n’est pas un nombre."),
        ({"total": ""}, "a-total", "Il manque un nombre ici."),
        ({"total": "-3"}, "a-total", "Il faut un nombre entre 0,001 et 100 000."),
        ({"bits": "64"}, "a-bits", "Il faut un nombre entre 1 et 32."),
        ({"tokens": "0"}, "a-tokens", "Il faut un nombre entre 1 et 1 000 000."),
        ({"tokens": "1.5"}, "a-tokens", "Il faut un nombre entier, et non 1.5."),
        ({"batch": "0"}, "a-batch", "Il faut un nombre entre 1 et 1 024."),
        ({"architecture": "cubique"}, "a-architecture", "Cette architecture n’existe pas ici."),
        ({"model": "personne"}, "a-model", "Ce modèle n’est pas dans notre registre."),
        ({"architecture": "matformer"}, "a-active", "Cette architecture a besoin de ce nombre."),
        (
            {"architecture": "mixture_of_experts", "active": "9"},
            "a-active",
            "Il ne peut pas y avoir plus d’actifs que le total.",
        ),
        (
            {"architecture": "undisclosed", "total_high": "4"},
            "a-total",
            "Le bas de l’hypothèse dépasse le haut.",
        ),
        (
            {"architecture": "undisclosed", "total_high": "40", "active": "4"},
            "a-active_high",
            "Il faut les deux bouts des actifs, ou aucun.",
        ),
    ],
)
def test_bad_figures_stay_in_the_form_with_the_reason_beside_their_field(
    db: None, client: Client, figures: dict[str, str], field: str, sentence: str
) -> None:
    response = client.get(JSON, address(figures))
    assert response.status_code == 400
    sentences = [
        message.replace("\xa0", " ").replace("\u202f", " ") for message in response.json()["errors"][field]
    ]
    assert sentence in sentences
    page = client.get(HERE, address(figures))
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.content.decode()
    assert all(typed in page.content.decode() for typed in figures.values() if typed != "cubique")


words = st.text(alphabet="0123456789.,- abé\0", max_size=6)


@given(
    architecture=st.sampled_from([*Architecture, "x"]),
    fields=st.fixed_dictionaries(dict.fromkeys((*simulator.FIGURES[1:], *simulator.USAGE_FIELDS), words)),
)
def test_nothing_typed_ends_in_an_error_of_ours(architecture: str, fields: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(address(fields | {"architecture": architecture}))
    filled = simulator.build_forms(simulator.parse_query(query, {}), {})
    if filled.are_valid:
        assert simulator.simulate(filled, {}).sides[0].estimate.mid_wh > 0


def test_an_unknown_method_is_refused(db: None, client: Client) -> None:
    response = client.get(JSON, address(method="boule-de-cristal"))
    assert response.status_code == 400
    assert response.json()["errors"] == {"method": ["Cette méthode n’existe pas ici."]}
