"""One connection that reads the streams for every page of a web process.

If each page read alone, each event would wake it, and Valkey would serve as many clients as there are pages.
Here one XREAD reads all streams at once, then rests a moment.
"""

import asyncio
import logging

import redis
import redis.asyncio

from duels.relay.redis_stream import Event, entry_position, install_parsers, read

logger = logging.getLogger(__name__)

# The rest between two reads: nobody sees it, and it serves many pages at once instead of more often.
REST_SECONDS = 0.005
REST_SECONDS_PER_STREAM = 0.0002  # 100 duels at once: 0.02 s
MAX_REST_SECONDS = 0.1
BLOCK_SECONDS = 0.05  # of one XREAD: a page that comes meanwhile is served after so long at the latest
# Workers publish many streams within moments of each other, and a blocked XREAD returns with the first alone.
GATHER_SECONDS = 0.001

Waiter = asyncio.Future[list[Event]]


class StreamMultiplexer:
    """Reads while at least one page waits; belongs to one event loop."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        install_parsers(client)
        self.client = client
        self._waiters: dict[str, dict[Waiter, str]] = {}  # by stream: its waiters, and after which id
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many pages wait for events."""
        return sum(map(len, self._waiters.values()))

    async def wait(self, key: str, last_id: str, seconds: float) -> list[Event]:
        """The next events after an entry; none after so many seconds of silence. Raises redis.RedisError."""
        loop = asyncio.get_running_loop()
        waiter: Waiter = loop.create_future()
        self._waiters.setdefault(key, {})[waiter] = last_id
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="multiplexer")
        silence = loop.call_later(seconds, _resolve, waiter, [])
        try:
            return await waiter
        finally:
            silence.cancel()
            del self._waiters[key][waiter]
            if not self._waiters[key]:
                del self._waiters[key]

    async def _run(self) -> None:
        try:
            while self._waiters:
                positions = self._positions()
                events_by_key = await read(self.client, positions, BLOCK_SECONDS)
                if len(events_by_key) == 1 < len(positions):
                    await asyncio.sleep(GATHER_SECONDS)
                    events_by_key = await read(self.client, positions, 0)
                if not events_by_key:
                    continue
                self._deliver(events_by_key, positions)
                # A page that received events waits again by the end of the rest.
                rest_seconds = max(REST_SECONDS, REST_SECONDS_PER_STREAM * len(positions))
                await asyncio.sleep(min(rest_seconds, MAX_REST_SECONDS))
        except redis.RedisError as error:
            self._fail_all(error)

    def _positions(self) -> dict[str, str]:
        """From where to read each stream: two tabs may be at different positions of one."""
        return {key: min(waiters.values(), key=entry_position) for key, waiters in self._waiters.items()}

    def _deliver(self, events_by_key: dict[str, list[Event]], positions: dict[str, str]) -> None:
        """Resolve each waiter whose events were read; one from before the read waits for the next."""
        for key, events in events_by_key.items():
            start = positions[key]
            for waiter, last_id in self._waiters.get(key, {}).items():
                if last_id == start:
                    _resolve(waiter, events)
                elif entry_position(last_id) > entry_position(start) and (own := _after(last_id, events)):
                    _resolve(waiter, own)

    def _fail_all(self, error: redis.RedisError) -> None:
        """Every page fails, reconnects, and goes on where it was."""
        logger.warning("the streams cannot be read: %s", type(error).__name__)
        for waiters in self._waiters.values():
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_exception(error)


def _resolve(waiter: Waiter, events: list[Event]) -> None:
    if not waiter.done():
        waiter.set_result(events)


def _after(last_id: str, events: list[Event]) -> list[Event]:
    position = entry_position(last_id)
    return [event for event in events if entry_position(event.id) > position]
