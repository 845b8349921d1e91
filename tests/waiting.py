"""Waiting for what another thread or process does: a condition with a deadline, never a fixed pause."""

import asyncio
import time
from collections.abc import Callable

DEADLINE_SECONDS = 60.0  # a quiet machine needs a fraction of a second, one with a load of 12 several
POLL_SECONDS = 0.01


def wait_until(
    condition: Callable[[], object],
    seconds: float = DEADLINE_SECONDS,
    *,
    describe: Callable[[], object] = lambda: "",
) -> None:
    """Return as soon as the condition holds; fails with what `describe` returns when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so after {seconds} s {describe()}"
        time.sleep(POLL_SECONDS)


async def until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """The same on an event loop, which goes on meanwhile; TimeoutError when the time is over."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # it comes true in another thread
            await asyncio.sleep(POLL_SECONDS)
