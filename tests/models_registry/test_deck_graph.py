"""The deck's graph of energy by size, from the catalogue's facts: one answer of 300 tokens, three models."""

import pytest
from django.core.management import call_command

from models_registry.models import LanguageModel
from science.energy import METHODS, Estimate, estimate, ratio

pytestmark = pytest.mark.django_db
TOKENS = 300
DECK = ("gpt-4", "mistral-small-2503", "gemma-3n-e4b")  # very large, of middle size, very small


@pytest.fixture
def shapes() -> list:
    call_command("load_catalogue", verbosity=0)
    return [LanguageModel.objects.get(slug=slug).shape() for slug in DECK]


def energies(shapes: list, method: str) -> list[Estimate]:
    return [estimate(shape, TOKENS, method) for shape in shapes]


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_the_deck_is_right_by_both_methods_on_who_takes_most(shapes: list, method: str) -> None:
    large, middle, small = (energy.mid_wh for energy in energies(shapes, method))
    assert large > middle > small


@pytest.mark.slow
def test_the_values_of_the_graph(shapes: list) -> None:
    found = [f"{energy.mid_wh:.2g}" for energy in energies(shapes, "physical-2026")]
    assert found == ["2.2", "0.038", "0.012"]


@pytest.mark.slow
def test_a_very_large_model_takes_some_hundred_times_a_very_small_one(shapes: list) -> None:
    large, _, small = energies(shapes, "physical-2026")
    assert 100 < ratio(large, small).mid < 250
    assert not ratio(large, small).same_conditions.contains(1)
