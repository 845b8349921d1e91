"""One value per process, of a function without arguments that threads may call at the same moment."""

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def once(function: Callable[[], T]) -> Callable[[], T]:
    """Decorator. functools.cache alone calls the function in every thread that finds no value yet."""
    lock, cached = Lock(), cache(function)

    @wraps(function)
    def locked() -> T:
        with lock:
            return cached()

    return locked
