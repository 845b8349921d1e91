"""How a visitor's stop reaches the worker that streams: one message to all workers, the right one cancels.

A stop may come between the claim of an answer and the request to its model's server: the listener records it
for a while, so that the database need not be read once more.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

CHANNEL = "conso-duel:stop"
RETRY_SECONDS = 0.5  # between two tries to subscribe
HEARTBEAT_SECONDS = 5.0
SUBSCRIBE_SECONDS = 1.0  # how long the first answer of a process waits for the subscription
RECORD_SECONDS = 60.0  # longer than from a stop to the next request that it is meant to prevent


def request_stop(client: redis.Redis, key: str) -> None:
    """Ask the workers that stream into `key` to stop."""
    client.publish(CHANNEL, key)


@dataclass(eq=False, slots=True)
class RunningAnswer:
    """An answer that is being streamed."""

    answer_id: int
    key: str
    stopped: bool = False
    scope: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))

    def stop(self) -> None:
        """Cancel the block in which it is streamed."""
        if not self.stopped:
            self.stopped = True
            self.scope.reschedule(0)


class CancellationListener:
    """Cancels running answers on request and sends heartbeats for them; belongs to one event loop.

    client: without a reply timeout, since it waits for messages.
    send_heartbeats: awaited every `heartbeat_seconds` with the ids of the running answers.
    """

    def __init__(
        self,
        client: redis.asyncio.Redis,
        send_heartbeats: Callable[[Sequence[int]], Awaitable[None]],
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._client = client
        self._send_heartbeats = send_heartbeats
        self._heartbeat_seconds = heartbeat_seconds
        self._running: set[RunningAnswer] = set()
        self._stops: dict[str, float] = {}  # when each key was last to be stopped, oldest first
        self._subscribed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start listening; returns once subscribed, or after SUBSCRIBE_SECONDS."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._listen()), loop.create_task(self._beat())]
        try:
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await self._subscribed.wait()
        except TimeoutError:
            logger.warning("stops are not received yet")

    async def close(self) -> None:
        """Stop listening and close the client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    @asynccontextmanager
    async def track(self, answer_id: int, key: str, since: float) -> AsyncIterator[RunningAnswer]:
        """A block that a stop of `key` cancels, and leaves without an error; `stopped` then says so.

        It is stopped from the start if a stop came after `since` (time.monotonic()); sending the request is
        then up to the caller.
        """
        running = RunningAnswer(answer_id, key)
        self._running.add(running)
        try:
            async with running.scope:
                if self._stops.get(key, -math.inf) >= since:
                    running.stop()
                yield running
        except TimeoutError:
            if not running.scope.expired():
                raise
        finally:
            self._running.discard(running)

    def is_recorded(self, key: str) -> bool:
        """Whether a stop of `key` was received lately."""
        return key in self._stops

    def record(self, key: str, now: float) -> None:
        """Keep a stop for RECORD_SECONDS, and cancel what runs under its key."""
        self._stops.pop(key, None)
        self._stops[key] = now
        while (oldest := next(iter(self._stops.items())))[1] < now - RECORD_SECONDS:
            del self._stops[oldest[0]]
        for running in self._running:
            if running.key == key:
                running.stop()

    async def _listen(self) -> None:
        is_failing = False
        while True:
            try:
                async with self._client.pubsub(ignore_subscribe_messages=True) as messages:
                    await messages.subscribe(CHANNEL)
                    self._subscribed.set()
                    is_failing = False
                    async for message in messages.listen():
                        self.record(message["data"], time.monotonic())
            except redis.RedisError as error:
                if not is_failing:
                    logger.warning("stops cannot be received: %s", type(error).__name__)
                is_failing = True
            await asyncio.sleep(RETRY_SECONDS)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            await self._send_heartbeats([running.answer_id for running in self._running])
