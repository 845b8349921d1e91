"""Waiting for what another task, thread or process does."""

import asyncio
from collections.abc import Callable

TIMEOUT_SECONDS = 10


async def until(condition: Callable[[], bool]) -> None:
    """Wait, without blocking the loop, until the condition is true."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():  # noqa: ASYNC110  # it comes true in another thread
            await asyncio.sleep(0.005)
