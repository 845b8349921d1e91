"""The picture of a ratio: squares where they can be counted, else areas to scale."""

import pytest

from workshops.group_reveal import square_field


@pytest.mark.parametrize("factor", [9.6, 40, 999.7])
def test_a_field_holds_as_many_squares_as_the_factor(factor: float) -> None:
    field = square_field(factor)
    assert field and len(field.squares) == round(factor)


@pytest.mark.parametrize("factor", [1.2, 2.2, 3.6, 9.4, 1_400, 100_000])
def test_a_factor_that_no_count_of_squares_shows_has_no_field(factor: float) -> None:
    assert square_field(factor) is None
