"""When the answers of a worker process are read: all at the same moments, not each when a token arrives.

A read costs as much for five tokens as for one (docs/performance.md), so tokens accumulate for a period, the
longer the more answers are running. As all answers are read at once, both sides of a turn travel together.
"""

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager

PERIOD_SECONDS = 0.05  # for an answer that is read alone: 2 × 400 tokens then take less than 40 kB
PERIOD_SECONDS_PER_ANSWER = 0.00053  # 200 answers at once: 0.106 s
MAX_PERIOD_SECONDS = 0.2


class ReadClock:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self.answers = 0
        self._next = 0.0  # the next common moment, by the clock of the event loop

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count one more answer while the block runs."""
        self.answers += 1
        try:
            yield
        finally:
            self.answers -= 1

    async def tick(self) -> None:
        """Wait until the next common moment, at least a quarter of a period away.

        Each moment follows the last by the period of then. A multiple of the period would jump whenever an
        answer begins or ends, and come more often than the period asks.
        """
        now, period = asyncio.get_running_loop().time(), period_seconds(self.answers)
        # A timer that fires a little early would make two ticks of one.
        late = now + period / 4 - self._next
        if late > 0:
            self._next += period * math.ceil(late / period)
        await asyncio.sleep(self._next - now)


def period_seconds(answers: int) -> float:
    """Seconds between two reads, given how many answers are running."""
    return min(max(PERIOD_SECONDS, PERIOD_SECONDS_PER_ANSWER * answers), MAX_PERIOD_SECONDS)
