"""Places on the graph: inside the drawing, in order, and names that do not touch."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.models import Row
from leaderboard.pages.chart import (
    NARROW_PX,
    WIDE_PX,
    ChartPoint,
    EnergyAxis,
    ScoreAxis,
    frontier_line,
    label_box,
    model_specific_range,
    overlap,
    place_labels,
)
from leaderboard.pages.table import LeaderboardEntry
from models_registry.pages.model_summary import ModelSummary
from science.energy import Interval

A_MODEL = ModelSummary(
    slug="modele", name="", maker="Fabrique", maker_slug="fabrique", architecture="dense",
    licence_kind="open_source", status="enabled", release_date=None, release_precision="day", reasoning=False,
    tokenizer_family="other", experts_total=None, experts_active=None, shape=None, search_text="modele",
)  # fmt: skip


def point(name: str, x: float, y: float, chance: float = 1.0) -> ChartPoint:
    entry = LeaderboardEntry(Row(votes=1), replace(A_MODEL, name=name))
    return ChartPoint(entry, Interval(1, 1, 1), chance, x=x, x_low=x, x_high=x, y=y, y_low=y, y_high=y)


def test_what_is_common_to_all_models_is_taken_off_the_range() -> None:
    assert model_specific_range(Interval(1, 5, 36)) == Interval(3.6, 5, 10)
    assert model_specific_range(Interval(2.9, 3, 3.1)) == Interval(3, 3, 3)


@given(st.lists(st.floats(1e-4, 1e3), min_size=2, max_size=30, unique=True))
def test_an_energy_axis_holds_its_middles_and_few_ticks(middles_wh: list[float]) -> None:
    axis = EnergyAxis.around(middles_wh)
    assert all(0 < axis.percent(energy) < 100 for energy in middles_wh)
    assert axis.percent(1e9) == 100 and axis.percent(1e-9) == 0
    places = [place for place, _name in axis.ticks()]
    assert places == sorted(places)


def test_ticks_are_round_numbers() -> None:
    assert [name for _place, name in EnergyAxis(0.03, 3).ticks()] == ["0,05", "0,1", "0,2", "0,5", "1", "2"]
    assert [name for _place, name in EnergyAxis(0.002, 50).ticks()] == ["0,01", "0,1", "1", "10"]
    assert [name for _place, name in ScoreAxis(580, 820).ticks()] == ["600", "650", "700", "750", "800"]


def test_a_better_score_stands_higher() -> None:
    axis = ScoreAxis.around([900, 1100])
    assert axis.percent(1100) < axis.percent(900)
    assert axis.percent(5000) == 0


def test_the_frontier_goes_up_in_steps_from_the_frugal_to_the_best() -> None:
    frugal, beaten, best = point("a", 10, 80), point("b", 50, 90), point("c", 70, 20)
    steps = frontier_line([best, frugal, beaten])
    assert [(step.x1, step.y1, step.x2, step.y2) for step in steps] == [(10, 80, 70, 80), (70, 80, 70, 20)]


places = st.tuples(st.floats(2, 98), st.floats(2, 98), st.floats(0, 1))


@given(st.lists(places, min_size=1, max_size=25))
def test_names_that_are_written_do_not_touch(drawn: list[tuple[float, float, float]]) -> None:
    points = [point(f"Modèle {number}", *place) for number, place in enumerate(drawn)]
    labelled = place_labels(points)
    for rooms, size_px in ((("any",), NARROW_PX), (("any", "wide"), WIDE_PX)):
        boxes = [label_box(one.point, size_px, one.label_on_left) for one in labelled if one.room in rooms]
        if rooms == ("any",):
            assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
            assert all(box[0] >= 0 and box[2] <= size_px[0] for box in boxes)


def test_a_model_far_from_the_frontier_is_named_when_pointed_at() -> None:
    assert [one.room for one in place_labels([point("A", 50, 50, chance=0.0)])] == ["pointed"]


@pytest.mark.parametrize(("chance", "opacity"), [(0.0, 0.3), (1.0, 1.0)])
def test_a_likely_frontier_is_fuller(chance: float, opacity: float) -> None:
    assert point("A", 1, 1, chance).opacity == opacity
