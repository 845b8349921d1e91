import numpy as np
import pytest

from science.ranking.style import STYLE, relative_difference, style_covariates


def test_a_difference_goes_from_minus_one_to_one_and_is_zero_for_two_empty_answers() -> None:
    assert relative_difference([300, 0, 0, 50], [100, 7, 0, 50]).tolist() == [0.5, -1, 0, 0]


def test_the_columns_are_length_markdown_and_side() -> None:
    columns = style_covariates([300, 10], [100, 30], [0, 4], [0, 1])
    assert columns.shape == (2, len(STYLE))
    assert columns == pytest.approx(np.array([[0.5, 0, 1], [-0.5, 0.6, 1]]))
