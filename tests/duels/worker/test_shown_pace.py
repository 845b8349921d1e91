"""The pace of a text: few points, the last of which is always the whole."""

from itertools import pairwise

from duels.worker.shown_pace import MAX_POINTS, PERIOD_MS, ShownPace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(count: int, seconds_between: float) -> list[tuple[int, int]]:
    clock = Clock()
    pace = ShownPace(clock)
    for _ in range(count):
        clock.now += seconds_between
        pace.add(2)
    return pace.points


def test_each_point_is_a_moment_and_what_was_shown_until_then() -> None:
    assert shown(3, 0.5) == [(500, 2), (1000, 4), (1500, 6)]


def test_points_are_a_period_apart_but_for_the_last() -> None:
    points = shown(100, 0.1)
    assert points[-1] == (10_000, 200)
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(points[:-1])]
    assert min(gaps) >= PERIOD_MS


def test_a_very_long_answer_has_few_points() -> None:
    points = shown(5_000, 0.3)
    assert MAX_POINTS / 2 <= len(points) <= MAX_POINTS
    assert points[-1] == (1_500_000, 10_000)
    assert points == sorted(points)


def test_a_restart_begins_again() -> None:
    pace = ShownPace(Clock())
    pace.add(5)
    pace.restart()
    pace.add(3)
    assert pace.points == [(0, 3)]
