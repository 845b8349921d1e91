"""Estimates over the programming interface are those of the simulator and of the reveal, digit by digit."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Duel
from science.energy import METHODS
from tests import cast
from tests.api.client import get

SLUGS = ("llama-3.3-70b", "deepseek-v3", "gpt-5", "gemma-3n-e4b", "gpt-oss-120b")


@pytest.mark.parametrize("method", METHODS)
def test_a_model_costs_what_the_simulator_says(registry: None, client: Client, method: str) -> None:
    for slug in SLUGS:
        page = client.get(
            reverse("learn:simulator_json"),
            {"a-model": slug, "a-tokens": 617, "b-model": "gpt-4", "b-batch": 7, "method": method},
        ).json()
        sides = {"a_model": slug, "a_tokens_out": 617, "b_model": "gpt-4", "b_batch": 7, "method": method}
        compared = get("compare", sides)
        alone = get("estimate", {"model": slug, "tokens_out": 617, "method": method})
        assert alone["energy_wh"] == page["sides"]["a"]["energy_wh"]
        assert alone["parts_wh"] == page["sides"]["a"]["parts_wh"]
        assert alone == compared["a"]
        assert compared["b"]["energy_wh"] == page["sides"]["b"]["energy_wh"]
        assert compared["ratio_a_over_b"] == page["ratio_a_over_b"]
        assert compared["verdict"] == page["verdict"]


SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"architecture": "dense", "total": 70.6, "bits": 8},
        {"architecture": "dense", "total_params_b": 70.6, "weight_bits": 8},
    ),
    (
        {"architecture": "mixture_of_experts", "total": 671, "active": 37, "experts": 256,
         "experts_active": 8, "bits": 16},
        {"architecture": "mixture_of_experts", "total_params_b": 671, "active_params_b": 37,
         "experts_total": 256, "experts_active": 8},
    ),
    (
        {"architecture": "matformer", "total": 7.85, "active": 4, "bits": 16},
        {"architecture": "matformer", "total_params_b": 7.85, "effective_params_b": 4},
    ),
    (
        {"architecture": "undisclosed", "total": 90, "total_high": 610, "active": 20, "active_high": 90,
         "bits": 16},
        {"architecture": "undisclosed", "total_low_b": 90, "total_high_b": 610, "active_low_b": 20,
         "active_high_b": 90},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "asked"), SHAPES, ids=lambda shape: str(shape["architecture"]))
def test_a_shape_costs_what_the_simulator_says(
    db: None, client: Client, typed: dict[str, Any], asked: dict[str, Any]
) -> None:
    page = client.get(
        reverse("learn:simulator_json"), {f"a-{name}": value for name, value in typed.items()}
    ).json()["sides"]["a"]
    found = get("estimate", asked)
    assert found["model"] is None
    assert (found["energy_wh"], found["gpu_count"]) == (page["energy_wh"], page["gpu_count"])
    assert found["shape"]["total_range_b"] == page["total_range_b"]


METERED = ("work_seconds", "prompt_share")
HOSTINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    (
        {"kind": "own_server", "accelerator": "L40S", "accelerator_count": 2, "simultaneous_answers": 3.5,
         "load_is_measured": True},
        {"hosting": "own_server", "accelerator": "L40S", "accelerator_count": 2, "simultaneous_answers": 3.5,
         "load_is_measured": "true"},
    ),
    (
        {"kind": "this_computer", "processor": "cpu", "power_watts": 55, "work_seconds": 4.25,
         "prompt_seconds": 1.0, "elapsed_seconds": 6, "shared_seconds": 6},
        {"hosting": "this_computer", "processor": "cpu", "power_w": 55},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "asked"), HOSTINGS, ids=["cloud", "own server", "this computer"])
def test_an_answer_costs_what_its_reveal_says(
    client: Client, db: None, stored: dict[str, Any], asked: dict[str, Any]
) -> None:
    duel = played(client, stored)
    page = client.get(reverse("duels:reveal_json", args=[duel.code])).json()
    energy = estimate_side(answers_by_side(duel)["a"])
    side = page["sides"]["a"]
    counted = {name: side[name] for name in ("tokens_out", "reasoning_tokens", "tokens_in")}
    counted |= {name: side["hosting"][name] for name in METERED if name in side["hosting"]}
    found = get(
        "estimate", {"model": "grand-70b", "context_tokens": energy.context_tokens, **counted, **asked}
    )
    assert found["energy_wh"] == side["energy_wh"] == energy.energy_wh.as_dict()
    assert found["parts_wh"] == side["parts_wh"]
    assert found["hosting"]["power_w"] == side["hosting"].get("power_w")


def played(client: Client, hosting: dict[str, Any]) -> Duel:
    """A duel of two turns, revealed."""
    models = cast.grand_70b(), cast.petit_3b()
    duel = cast.make_duel(*models, visitor=cast.visitor_in(client))
    cast.add_turn(duel, *models, prompt="Et la nuit ?")
    for turn in duel.turns.all():
        turn.answers.update(hosting=hosting, reasoning_tokens=11)
    cast.vote(duel)
    return Duel.objects.get(pk=duel.pk)


def test_the_precision_of_the_file_that_is_served_may_differ(db: None) -> None:
    cast.grand_70b()
    shape = {"architecture": "dense", "total_params_b": 70.55, "weight_bits": 4}
    by_name = get("estimate", {"model": "grand-70b", "weight_bits": 4})
    assert by_name["energy_wh"] == get("estimate", shape)["energy_wh"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("estimate", {}, "model"),
    ("estimate", {"model": "grand-70b", "tokens_out": -1}, "tokens_out"),
    ("estimate", {"model": "grand-70b", "tokens_out": "1e30"}, "tokens_out"),
    ("estimate", {"model": "grand-70b", "tokens_out": "9" * 5000}, "tokens_out"),
    ("estimate", {"model": "grand-70b", "tokens_out": "NaN"}, "tokens_out"),
    ("estimate", {"model": "grand-70b", "tokens_out": "beaucoup"}, "tokens_out"),
    ("estimate", {"model": "grand-70b", "context_tokens": "NaN"}, "context_tokens"),
    ("estimate", {"model": "grand-70b", "context_tokens": "inf"}, "context_tokens"),
    ("estimate", {"model": "grand-70b", "token_out": 4}, "token_out"),
    ("estimate", {"model": ["grand-70b", "petit-3b"]}, "model"),
    ("estimate", {"model": "grand-70b", "total_params_b": 4}, "total_params_b"),
    ("estimate", {"model": "grand-70b", "method": "boule-de-cristal"}, "method"),
    ("estimate", {"model": "grand-70b", "hosting": "garage"}, "hosting"),
    ("estimate", {"model": "grand-70b", "power_w": 30}, "power_w"),
    ("estimate", {"model": "grand-70b", "hosting": "this_computer", "batch": 3}, "batch"),
    ("estimate", {"architecture": "dense"}, "architecture"),
    ("estimate", {"architecture": "dense", "total_params_b": "nan"}, "total_params_b"),
    ("estimate", {"architecture": "dense", "total_params_b": 1e30}, "total_params_b"),
    ("estimate", {"architecture": "undisclosed", "total_low_b": 4}, "total_high_b"),
    ("estimate", {"architecture": "undisclosed", "total_low_b": 9, "total_high_b": 4}, "architecture"),
    ("compare", {"a_model": "grand-70b"}, "b_model"),
    ("compare", {"a_model": "grand-70b", "b_model": "grand-70b", "a_tokens_out": 0}, "a_tokens_out"),
    ("compare", {"a_model": "grand-70b", "b_model": "grand-70b", "b_batch": 0}, "b_batch"),
    ("equivalents", {"energy_wh": -1}, "energy_wh"),
    ("equivalents", {"energy_wh": 2, "low_wh": 3}, "energy_wh"),
    ("glossary", {"limit": 0}, "limit"),
    ("models", {"offset": -1}, "offset"),
    ("leaderboard", {"day": "hier"}, "day"),
    ("leaderboard", {"day": "0"}, "day"),
    ("leaderboard", {"votes": "nulle-part\0"}, "votes"),
    ("openapi.json", {"lang": "de"}, "lang"),
]


def test_what_makes_no_sense_is_refused_by_name(db: None) -> None:
    cast.grand_70b()
    for path, query, parameter in REFUSED:
        problem = get(path, query, status=422)
        assert parameter in [error["parameter"] for error in problem["errors"]], (path, query, problem)
        assert problem["status"] == 422 and problem["type"].endswith("/api/#invalid-parameters")


def test_an_unknown_name_is_not_found(db: None) -> None:
    for name in ("personne", "", "é", "\0", "x" * 190, "../admin", "LATEST", "8b"):
        problem = get(f"models/{name}" if name else "models/%20", status=404)
        assert problem["type"].endswith(("#unknown-model", "#not-found"))
    assert get("estimate", {"model": "personne"}, status=404)["title"] == "Not Found"
    assert get("nulle-part", status=404)["type"].endswith("/api/#not-found")
