"""When the answers of a worker process are read: all at the same moments, not each when a token arrives.

A read costs as much for five tokens as for one (docs/performance.md), so tokens accumulate for a period, the
longer the more answers are running. As all answers are read at once, both sides of a turn travel together.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

PERIOD_SECONDS = 0.05  # for an answer that is read alone: 2 × 400 tokens then take less than 40 kB
PERIOD_SECONDS_PER_ANSWER = 0.0006  # 200 answers at once: 0.12 s
MAX_PERIOD_SECONDS = 0.2


class ReadClock:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self.answers = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count one more answer while the block runs."""
        self.answers += 1
        try:
            yield
        finally:
            self.answers -= 1

    async def tick(self) -> None:
        """Wait until the next common moment, at least a quarter of a period away."""
        period = period_seconds(self.answers)
        wait = period - asyncio.get_running_loop().time() % period
        # A timer that fires a little early would make two ticks of one.
        await asyncio.sleep(wait if wait > period / 4 else wait + period)


def period_seconds(answers: int) -> float:
    """Seconds between two reads, given how many answers are running."""
    return min(max(PERIOD_SECONDS, PERIOD_SECONDS_PER_ANSWER * answers), MAX_PERIOD_SECONDS)
