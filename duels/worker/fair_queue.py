"""Questions wait in front of a slow server, not in it, and take turns there: nobody's stand behind all those
of somebody else.

A server says by its first words how many questions it can take: while they come about as soon as the soonest
of them, more are sent at once; when they come late, half as many. Who waits goes by turns.
Sources: Brakmo and Peterson 1995, "TCP Vegas", for the number; Goyal, Vin and Cheng 1996, "Start-time fair
queueing", for the turns.
"""

import asyncio
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

MOST_SENT = 256
LATE_FACTOR, LATE_SECONDS = 2.0, 0.5  # beyond the soonest first word: the server has questions waiting
FORGETTING = 1.02  # by which the soonest grows with each word: a server may become slower for good
Parties = Mapping[str, float]  # who asks, each with how much of its turn one question takes


class FairQueue:
    """The questions for one server whose first word has not come yet; belongs to one event loop.

    fewest: how many are sent at once whatever the server's first words say, and half as many as at first.
    """

    def __init__(self, fewest: int) -> None:
        self.sent = 0
        self.most_sent = 2.0 * fewest
        self._fewest = fewest
        self._soonest_seconds = math.inf
        self._virtual_time = 0.0
        self._next_start = defaultdict[str, float](float)
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()

    async def take_turn(
        self, parties: Callable[[], Awaitable[Parties]], most_seconds: float
    ) -> "SentQuestion":
        """Wait until a question may be sent. Raises TimeoutError after `most_seconds`.

        parties: asked for only where the question has to wait.
        """
        if self._is_full or self._waiting:
            await self._wait(await parties(), most_seconds)
        else:
            self.sent += 1
        return SentQuestion(self)

    @property
    def _is_full(self) -> bool:
        return self.sent >= int(self.most_sent)

    async def _wait(self, parties: Parties, most_seconds: float) -> None:
        place = asyncio.get_running_loop().create_future()
        starts = {party: max(self._virtual_time, self._next_start[party]) for party in parties}
        for party, share in parties.items():
            self._next_start[party] = starts[party] + share
        heapq.heappush(self._waiting, (max(starts.values()), next(self._arrivals), place))
        self._send_next()
        try:
            async with asyncio.timeout(most_seconds):
                await place
        except (asyncio.CancelledError, TimeoutError):
            if place.done() and not place.cancelled():  # its turn came at the same moment
                self.leave()
            raise

    def _send_next(self) -> None:
        """Let those go whose turn it is, as many as the server takes."""
        while self._waiting and not self._is_full:
            self._virtual_time, _, place = heapq.heappop(self._waiting)
            if not place.done():
                self.sent += 1
                place.set_result(None)
        if not self._waiting:
            self._virtual_time = 0.0
            self._next_start.clear()

    def leave(self) -> None:
        """A question that was sent has its first word, or has ended without any."""
        self.sent -= 1
        self._send_next()

    def learn(self, seconds: float) -> None:
        """Learn from a first word after so many seconds how many questions the server takes."""
        is_late = seconds > LATE_FACTOR * self._soonest_seconds + LATE_SECONDS
        self._soonest_seconds = min(seconds, FORGETTING * self._soonest_seconds)
        more = self.most_sent / 2 if is_late else self.most_sent + 1
        self.most_sent = min(max(more, self._fewest), MOST_SENT)


class SentQuestion:
    """A question on its way to a server, until its first word or its end."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue: FairQueue | None = queue
        self._sent_at = asyncio.get_running_loop().time()

    def begin(self) -> None:
        """Its first word has come; called again, it changes nothing."""
        if self._queue:
            self._queue.learn(asyncio.get_running_loop().time() - self._sent_at)
            self.close()

    def close(self) -> None:
        """It waits for no first word any more."""
        queue, self._queue = self._queue, None
        if queue:
            queue.leave()
