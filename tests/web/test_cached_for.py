"""A value is computed once for some seconds."""

from itertools import count

import pytest

from web import cached_for as module
from web.cached_for import CachedFor, cached_for


class Clock:
    """A clock that the test moves."""

    seconds = 600.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def counter(seconds: float) -> CachedFor[int]:
    return cached_for(lambda: seconds)(count().__next__)


def test_a_value_is_computed_once_while_it_is_fresh(clock: Clock) -> None:
    value = counter(seconds=60)
    assert [value() for clock.seconds in (600, 620, 659.9)] == [0, 0, 0]


def test_an_old_value_is_computed_again(clock: Clock) -> None:
    value = counter(seconds=60)
    assert [value() for clock.seconds in (600, 660, 719, 720)] == [0, 1, 1, 2]


def test_zero_seconds_cache_nothing(clock: Clock) -> None:
    value = counter(seconds=0)
    assert [value(), value()] == [0, 1]


def test_a_cleared_value_is_computed_again(clock: Clock) -> None:
    value = counter(seconds=60)
    value()
    value.clear()
    assert value() == 1
