import numpy as np
import pytest

from science.ranking.bradley_terry import fit
from science.ranking.ranks import intervals, rank_intervals, sample_strengths
from tests.science.ranking import literature
from tests.science.ranking.oracles import fisher


def test_an_interval_at_95_percent_is_1_96_standard_errors_wide_on_each_side() -> None:
    found = intervals(np.array([1.0, -1.0]), np.diag([4.0, 0.25]))
    assert found == pytest.approx(np.array([[1 - 3.92, 1 + 3.92], [-1.98, -0.02]]), abs=1e-3)


def test_samples_have_the_mean_and_the_whole_covariance_asked_for() -> None:
    strengths = fit(literature.CITATION_SCORES)
    spread = fisher(literature.CITATION_SCORES, strengths)
    samples = sample_strengths(strengths, spread, np.random.default_rng(1), count=200_000)
    assert samples.mean(axis=0) == pytest.approx(strengths, abs=1e-3)
    assert np.cov(samples.T) == pytest.approx(spread, abs=2e-2 * spread.max())
    # Centred strengths stay centred in every sample: the covariance is singular.
    assert np.abs(samples.sum(axis=1)).max() < 1e-7


def test_ranks_are_certain_where_strengths_are_far_apart() -> None:
    samples = sample_strengths(np.array([0.0, 9.0, -9.0]), 0.01 * np.eye(3), np.random.default_rng(0))
    assert rank_intervals(samples).tolist() == [[2, 2], [1, 1], [3, 3]]


def test_two_equals_share_both_ranks_and_leave_the_third_alone() -> None:
    samples = sample_strengths(np.array([0.0, 0.0, -9.0]), 0.01 * np.eye(3), np.random.default_rng(0))
    assert rank_intervals(samples).tolist() == [[1, 2], [1, 2], [3, 3]]


def test_errors_made_together_do_not_blur_a_rank() -> None:
    apart, together = 0.01 * np.eye(2), 0.01 * np.array([[1, 0.999], [0.999, 1]])
    strengths = np.array([0.1, 0.0])
    rng = np.random.default_rng(0)
    assert rank_intervals(sample_strengths(strengths, apart, rng)).tolist() == [[1, 2], [1, 2]]
    assert rank_intervals(sample_strengths(strengths, together, rng)).tolist() == [[1, 1], [2, 2]]


def test_a_lower_level_of_confidence_keeps_fewer_ranks() -> None:
    samples = sample_strengths(np.linspace(0, 1, 8), 0.1 * np.eye(8), np.random.default_rng(0))
    wide, narrow = rank_intervals(samples, level=0.95), rank_intervals(samples, level=0.5)
    assert (wide[:, 0] <= narrow[:, 0]).all()
    assert (wide[:, 1] >= narrow[:, 1]).all()
    assert (wide[:, 1] - wide[:, 0]).sum() > (narrow[:, 1] - narrow[:, 0]).sum()
