"""The picture of a ratio: areas to scale, whatever the ratio."""

import re

import pytest

from duels.reveal.ratio_picture import HEIGHT, WIDTH, ratio_picture, square_field
from science.energy import Interval, Ratio


def same_conditions(mid: float) -> Ratio:
    interval = Interval(mid / 2, mid, mid * 2)
    return Ratio(interval, interval, hosts_differ=False)


@pytest.mark.parametrize("count", [2, 2.2, 3, 3.4, 5, 11, 40, 1_400, 14_000, 100_000])
def test_the_field_is_as_many_times_the_square_as_the_ratio_says(count: float) -> None:
    picture = square_field(count, "b", "a")
    areas = sum(row.width * row.height for row in picture.rows)
    assert areas / picture.square.width**2 == pytest.approx(count, rel=0.02)
    assert all(row.x > picture.square.x + picture.square.width for row in picture.rows)
    assert all(row.y >= 0 and row.x + row.width <= WIDTH + 0.1 for row in picture.rows)
    assert all(row.y + row.height <= HEIGHT + 0.1 for row in picture.rows)


def test_a_square_too_small_to_be_seen_is_pointed_at_and_too_many_are_one_surface() -> None:
    few, many, most = (square_field(count, "b", "a") for count in (3, 1_400, 100_000))
    assert (few.is_pointed, many.is_pointed, most.is_pointed) == (False, True, True)
    assert few.lines and many.lines and not most.lines


def test_the_picture_shows_the_figure_and_says_which_is_hungrier() -> None:
    picture = ratio_picture(same_conditions(1 / 39.6))
    assert picture and (picture.hungrier, picture.frugal) == ("b", "a")
    assert sum(row.width * row.height for row in picture.rows) / picture.square.width**2 == pytest.approx(
        40, rel=0.001
    )


def test_energies_of_the_same_order_have_no_field() -> None:
    assert ratio_picture(same_conditions(1.9)) is None
    assert ratio_picture(None) is None


@pytest.mark.parametrize("count", [1.5, 15, 40, 99.5])
def test_a_contour_parts_as_many_squares_from_the_rest(count: float) -> None:
    picture = square_field(100, "b", "a")
    line, *_ = picture.contour(count)
    cell, field = picture.square.width, picture.rows[0]
    left, top, corner, *below = [float(number) for number in re.findall(r"[\d.]+", line)]
    rest = (corner - left) * cell
    full = field.width * (HEIGHT - below[0])
    assert (rest + full) / cell**2 == pytest.approx(count, rel=0.01)
    assert top >= 0
