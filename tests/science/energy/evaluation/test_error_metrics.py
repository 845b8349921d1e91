import numpy as np
import pytest

from science.energy.evaluation.error_metrics import accuracy, rank_correlation, ratio_check


def test_an_error_counts_the_same_in_both_directions() -> None:
    found = accuracy(np.array([2.0, 1.0, 1.0]), np.array([1.0, 2.0, 1.0]))
    assert found.count == 3
    assert found.median_factor == pytest.approx(2)
    assert found.within_2_share == 1


def test_a_third_of_the_estimates_beyond_a_factor_of_two() -> None:
    assert accuracy(np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 3.0])).within_2_share == pytest.approx(
        2 / 3
    )


def test_the_rank_correlation_by_hand() -> None:
    # Ranks 1 2 3 4 against 1 3 2 4: 1 - 6*2/(4*15) = 0.8.
    assert rank_correlation(np.array([1.0, 2, 3, 4]), np.array([10.0, 30, 20, 40])) == pytest.approx(0.8)


def test_equal_values_share_their_mean_rank() -> None:
    # Ranks 1.5 1.5 3 against 1 2 3: covariance 0.75, variances 0.75 and 1, over 3 - 1.
    assert rank_correlation(np.array([1.0, 1, 2]), np.array([1.0, 2, 3])) == pytest.approx(0.75**0.5)


def test_only_pairs_whose_difference_is_known_are_judged_on_their_order() -> None:
    found = ratio_check(np.array([4.0, 0.25, 1.5]), np.array([2.0, 3.0, 0.9]))
    assert found.distinct_count == 2
    assert found.right_order_share == 0.5
