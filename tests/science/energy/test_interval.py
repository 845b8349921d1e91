import pytest

from science.energy import Interval


def test_widening_keeps_the_middle() -> None:
    assert Interval(2, 3, 4).widened(2) == Interval(1, 3, 8)


def test_a_quotient_takes_the_ends_that_lie_furthest_apart() -> None:
    assert Interval(2, 4, 8).over(Interval(1, 2, 4)) == Interval(0.5, 2, 8)


def test_an_inverse_is_one_over_the_interval() -> None:
    assert Interval(2, 4, 8).inverse() == Interval(0.125, 0.25, 0.5)


def test_the_ends_belong_to_the_interval() -> None:
    assert Interval(1, 2, 3).contains(1)
    assert Interval(1, 2, 3).contains(3)
    assert not Interval(1, 2, 3).contains(3.1)


@pytest.mark.parametrize("ends", [(2, 1, 3), (1, 4, 3), (1, float("nan"), 3), (1, 2, float("inf"))])
def test_ends_in_disorder_are_refused(ends: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="an interval needs"):
        Interval(*ends)
