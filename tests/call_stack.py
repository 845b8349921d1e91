"""Memory for the calls of a test, mapped once.

CPython maps the memory of calls in pieces of 16 kB, and unmaps a piece as soon as no call is in it: a loop
whose calls begin a piece costs two hundred times as much. It was 7 % of the processor time of `make check`.
"""

from collections.abc import Callable
from typing import Any

# Half a megabyte, in words of 8 bytes: the piece has twice that, and calls below have its other half.
FRAME_WORDS = 1 << 16


def widen(function: Callable[..., Any]) -> None:
    """Give all that `function` calls one piece of memory, as long as it runs."""
    function.__code__ = function.__code__.replace(co_stacksize=FRAME_WORDS)
