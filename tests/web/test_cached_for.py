"""A value is computed once for some seconds."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

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


def test_while_one_thread_computes_it_the_others_have_the_last_value(clock: Clock) -> None:
    started, may_end, calls = Event(), Event(), count()

    def compute() -> int:
        number = next(calls)
        if number:
            started.set()
            assert may_end.wait(10)
        return number

    value = cached_for(lambda: 60)(compute)
    value()
    clock.seconds += 60
    with ThreadPoolExecutor() as threads:
        renewed = threads.submit(value)
        try:
            assert started.wait(10)
            assert value() == 0
        finally:
            may_end.set()
        assert renewed.result() == 1
    assert value() == 1


def test_a_value_that_could_not_be_computed_is_computed_at_the_next_call(clock: Clock) -> None:
    calls = count()

    def compute() -> int:
        if (number := next(calls)) == 1:
            raise ConnectionError
        return number

    value = cached_for(lambda: 60)(compute)
    value()
    clock.seconds += 60
    with pytest.raises(ConnectionError):
        value()
    assert value() == 2
