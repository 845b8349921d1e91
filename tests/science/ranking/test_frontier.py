import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from science.ranking.frontier import InvalidEnergy, frontier_probability, on_frontier
from science.ranking.logistic import Floats

SMALL_NUMBERS = st.integers(0, 5).map(float)


def probability(
    strengths: list[float], low_wh: list[float], high_wh: list[float], group: list[int] | None = None
) -> Floats:
    """With strengths known exactly."""
    samples = np.tile(np.array(strengths), (4000, 1))
    rng = np.random.default_rng(3)
    members = None if group is None else np.array(group)
    return frontier_probability(samples, np.array(low_wh), np.array(high_wh), rng, members)


def test_the_frontier_is_made_of_models_that_none_beats_on_both_counts() -> None:
    quality = np.array([1.0, 3.0, 2.0, 2.5, 0.0])
    energy = np.array([1.0, 9.0, 2.0, 3.0, 4.0])
    assert on_frontier(quality, energy).tolist() == [True, True, True, True, False]


@given(arrays(np.float64, (2, 4, 6), elements=SMALL_NUMBERS))
def test_the_frontier_is_what_comparing_every_pair_gives_equals_included(both: Floats) -> None:
    quality, energy = both
    no_worse = (quality[:, None, :] >= quality[:, :, None]) & (energy[:, None, :] <= energy[:, :, None])
    better_in_one = (quality[:, None, :] > quality[:, :, None]) | (energy[:, None, :] < energy[:, :, None])
    assert (on_frontier(quality, energy) == ~(no_worse & better_in_one).any(axis=2)).all()


def test_a_model_beaten_for_sure_is_never_on_the_frontier_and_the_others_always() -> None:
    assert probability([1, 2, 0], [1, 5, 2.5], [2, 9, 4]).tolist() == [1, 1, 0]


def test_two_models_of_the_same_energy_range_are_on_the_frontier_as_often_as_chance_says() -> None:
    # The better one always; the other when its energy is drawn below: one time in two.
    assert probability([1, 0], [1, 1], [9, 9]) == pytest.approx([1, 0.5], abs=0.03)


def test_energies_are_drawn_evenly_on_a_logarithmic_scale() -> None:
    # From 1 to 16, below 2: one quarter of the logarithm.
    assert probability([1, 0], [2, 1], [2, 16]) == pytest.approx([1, 0.25], abs=0.03)


def test_doubt_on_strengths_spreads_the_frontier() -> None:
    samples = np.random.default_rng(0).normal([0.0, 1.0], 1.0, (20_000, 2))
    found = frontier_probability(
        samples, np.array([2.0, 1.0]), np.array([2.0, 1.0]), np.random.default_rng(1)
    )
    # P(N(0,1) > N(1,1)) = Phi(-1 / sqrt 2).
    assert found == pytest.approx([0.24, 1], abs=0.01)


def test_a_factor_common_to_all_energies_changes_nothing() -> None:
    strengths, low, high = [0.0, 1.0, 2.0], [1.0, 1.5, 2.0], [3.0, 5.0, 6.0]
    tripled = probability(strengths, [3 * end for end in low], [3 * end for end in high])
    assert tripled == pytest.approx(probability(strengths, low, high))


def test_a_weaker_twin_of_the_same_shape_is_never_on_the_frontier() -> None:
    assert probability([1, 0], [1, 1], [9, 9], group=[7, 7]).tolist() == [1, 0]
    # A shorter answer of the weaker twin is worth its energy, whatever that is.
    assert probability([1, 0], [1, 0.5], [9, 4.5], group=[7, 7]).tolist() == [1, 1]


def test_twins_that_are_equally_good_stay_together() -> None:
    assert probability([1, 1], [1, 1], [9, 9], group=[0, 0]).tolist() == [1, 1]


def test_a_twin_100_points_weaker_gets_next_to_nothing() -> None:
    points_per_strength = 400 / np.log(10)
    means = np.array([1000, 900, 950]) / points_per_strength
    samples = np.random.default_rng(0).normal(means, 12 / points_per_strength, (4000, 3))
    low, high = np.array([1.0, 1.0, 3.0]), np.array([2.0, 2.0, 6.0])
    found = frontier_probability(samples, low, high, np.random.default_rng(1), np.array([0, 0, 1]))
    assert found[0] == 1
    assert found[1] < 0.01


@pytest.mark.parametrize(
    ("low_wh", "high_wh", "group"),
    [
        pytest.param([1], [2], None, id="one range for two models"),
        pytest.param([0, 1], [1, 1], None, id="no energy at all"),
        pytest.param([2, 1], [1, 1], None, id="ends in the wrong order"),
        pytest.param([1, 1], [1, float("inf")], None, id="an endless range"),
        pytest.param([1, float("nan")], [1, 1], None, id="not a number"),
        pytest.param([1, 1], [2, 2], [0], id="one group for two models"),
    ],
)
def test_ranges_that_are_not_energies_are_refused(
    low_wh: list[float], high_wh: list[float], group: list[int] | None
) -> None:
    with pytest.raises(InvalidEnergy):
        probability([1, 0], low_wh, high_wh, group)
