"""Cache the value of a function without arguments for some seconds, in this process."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class CachedFor(Generic[T]):
    """The function, called again once its last value is older than `seconds()`; 0 caches nothing.

    While one thread calls it, the others have its last value; those that find none each call it.
    """

    def __init__(self, function: Callable[[], T], seconds: Callable[[], float]) -> None:
        self._function, self._seconds = function, seconds
        self._cached: tuple[float, T] | None = None

    def __call__(self) -> T:
        now, cached = time.monotonic(), self._cached
        if cached is not None and now - cached[0] < self._seconds():
            return cached[1]
        if cached is not None:
            self._cached = (now, cached[1])
        try:
            value = self._function()
        except BaseException:
            self._cached = None
            raise
        self._cached = (now, value)
        return value

    def clear(self) -> None:
        """Forget the value: the next call computes it."""
        self._cached = None


def cached_for(seconds: Callable[[], float]) -> Callable[[Callable[[], T]], CachedFor[T]]:
    """Decorator; `seconds` is read at each call, so that a setting may change."""
    return lambda function: CachedFor(function, seconds)
