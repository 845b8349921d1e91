"""Sizes drawn to scale and the graph of the slides, computed."""

import pytest

from learn import sizes
from learn.model_choices import models_by_slug
from science.energy import estimate
from science.energy.constants import BUILDING_OVERHEAD, JOULES_PER_WH


def test_areas_are_the_parameters(registry: None) -> None:
    squares = sizes.squares(sizes.existing(models_by_slug(), sizes.LADDER))
    assert [round(square.side**2, 1) for square in squares] == [8.0, 70.6, 671.0]
    widths = [square.width_percent / square.side for square in squares]
    assert widths == pytest.approx([widths[0]] * 3, rel=1e-3)
    assert sum(square.width_percent for square in squares) == pytest.approx(100, abs=0.1)


def test_counting_a_parameter_each_second_takes_centuries(registry: None) -> None:
    squares = sizes.squares(sizes.existing(models_by_slug(), sizes.LADDER))
    assert [square.years_label for square in squares] == ["250", "2\xa0200", "21\xa0000"]


def test_the_slides_three_models_are_there_in_their_order(registry: None) -> None:
    found = models_by_slug()
    graph = sizes.slide_graph(sizes.existing(found, sizes.SLIDES), tokens=400)
    assert graph is not None
    energies = [equation.estimate.mid_wh for equation, _ in graph.bars]
    assert energies == sorted(energies, reverse=True)
    assert energies == [estimate(found[slug].shape, 400).mid_wh for slug in sizes.SLIDES]
    assert max(percent for _, percent in graph.bars) == 100
    assert all(band.low_percent < band.mid_percent < band.high_percent for _, band in graph.scale.rows)
    assert [equation.is_hypothesis for equation, _ in graph.bars] == [True, False, False]


def test_one_model_alone_makes_no_graph(registry: None) -> None:
    assert sizes.slide_graph(sizes.existing(models_by_slug(), sizes.SLIDES[:1]), tokens=400) is None


def test_what_the_cards_spend_on_a_token_adds_up(registry: None) -> None:
    for load in sizes.token_loads(sizes.existing(models_by_slug(), sizes.LADDER)):
        whole_wh = estimate(load.entry.shape, 1000).mid_wh
        assert sum(load.parts_j) * 1000 * BUILDING_OVERHEAD.value / JOULES_PER_WH == pytest.approx(whole_wh)


def test_the_factor_of_the_slides_has_a_range_for_a_secret_size(registry: None) -> None:
    graph = sizes.slide_graph(sizes.existing(models_by_slug(), sizes.SLIDES), tokens=400)
    assert graph is not None
    assert graph.factor.low < graph.factor.mid < graph.factor.high
