"""One connection that reads the streams for every page of a web process.

Were each page to read alone, it would be woken by each event alone, and Redis would serve as many clients as
there are pages. Here one XREAD asks for all streams at once, then rests a moment.
"""

import asyncio
import logging

import redis
import redis.asyncio

from duels.relay.redis_stream import Event, entry_position, install_parsers, read

logger = logging.getLogger(__name__)

# The rest between two reads: nobody sees it, and many pages are served at once, not more often.
REST_SECONDS = 0.005
REST_SECONDS_PER_STREAM = 0.0002  # 100 duels at once: 0.02 s
LONGEST_REST_SECONDS = 0.1
BLOCK_SECONDS = 0.05  # a page that comes while the reader waits is heard after so long at the latest

News = asyncio.Future[list[Event]]


class StreamMultiplexer:
    """Reads while somebody waits; belongs to one event loop."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        install_parsers(client)
        self.client = client
        self._waiting: dict[str, dict[News, str]] = {}  # by stream: who waits, and after which id
        self._task: asyncio.Task[None] | None = None

    async def wait(self, key: str, last_id: str, seconds: float) -> list[Event]:
        """The next events after an entry; none after so many seconds of silence. Raises redis.RedisError."""
        loop = asyncio.get_running_loop()
        news: News = loop.create_future()
        self._waiting.setdefault(key, {})[news] = last_id
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="reader")
        silence = loop.call_later(seconds, _hand, news, [])
        try:
            return await news
        finally:
            silence.cancel()
            self._forget(key, news)

    def _forget(self, key: str, news: News) -> None:
        del self._waiting[key][news]
        if not self._waiting[key]:
            del self._waiting[key]

    async def _run(self) -> None:
        try:
            while self._waiting:
                places = self._places()
                self._hand_out(await read(self.client, places, BLOCK_SECONDS), places)
                # A page that was handed something waits again by the end of the rest.
                rest_seconds = max(REST_SECONDS, REST_SECONDS_PER_STREAM * len(places))
                await asyncio.sleep(min(rest_seconds, LONGEST_REST_SECONDS))
        except redis.RedisError as error:
            self._give_up(error)

    def _places(self) -> dict[str, str]:
        """From where to read each stream: two tabs may be at different places of one."""
        return {key: min(waiting.values(), key=entry_position) for key, waiting in self._waiting.items()}

    def _hand_out(self, read_events: dict[str, list[Event]], places: dict[str, str]) -> None:
        """Hands each page its news; one from an earlier place, come during the read, waits for the next."""
        for key, events in read_events.items():
            start = entry_position(places[key])
            for news, last_id in self._waiting.get(key, {}).items():
                own = after(last_id, events) if entry_position(last_id) >= start else []
                if own:
                    _hand(news, own)

    def _give_up(self, error: redis.RedisError) -> None:
        """Every page is told to come back: it does, and goes on where it was."""
        logger.warning("the streams cannot be read: %s", type(error).__name__)
        for waiting in self._waiting.values():
            for news in waiting:
                if not news.done():
                    news.set_exception(error)


def _hand(news: News, events: list[Event]) -> None:
    if not news.done():
        news.set_result(events)


def after(last_id: str, events: list[Event]) -> list[Event]:
    place = entry_position(last_id)
    return [event for event in events if entry_position(event.id) > place]
