"""The state of a worker process from its first task to its end: an event loop, and what runs on it."""

import asyncio
import atexit
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any, Self, TypeVar

import uvloop
from django.conf import settings
from django.db import Error, connections
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from backends.http_client import HTTPClient
from backends.metering import ComputerMeter
from duels import valkey
from duels.relay.cancellation import CancellationListener
from duels.relay.pacer import Pacer
from duels.relay.publisher import StreamPublisher
from duels.relay.read_clock import ReadClock
from duels.worker.claims import touch_heartbeat
from duels.worker.fair_queue import FairQueue
from duels.worker.render_queue import RenderQueue
from models_registry.endpoint_hosting import Place
from models_registry.endpoints import Endpoint, model_client
from web.once import once

logger = logging.getLogger(__name__)

# Threads for database work. Each holds a connection of the pool (CONSO_DB_POOL_SIZE) while it works.
DATABASE_THREADS = 8
CHARACTERS_PER_TOKEN = 4  # of text that is shown at a pace: counting each piece would cost more
# Questions that a server gets at once however late its first words come: a cloud answers many side by side,
# and those of models that hide their reasoning come late there without any queue.
FEWEST_IN_CLOUD, FEWEST_AT_HOME = 16, 2
T = TypeVar("T")


class WorkerRuntime:
    """An event loop in a thread of its own; all answers of the process are streamed on it."""

    http: HTTPClient
    publisher: StreamPublisher
    cancellations: CancellationListener

    def __init__(self) -> None:
        self.read_clock = ReadClock()
        self.successes: dict[int, float] = {}  # when this process last stored one, by key of the endpoint
        self.pacer = Pacer(settings.PACE_TOKENS_PER_SECOND * CHARACTERS_PER_TOKEN)
        self.meter = ComputerMeter()
        self.render_queue = RenderQueue()
        self._queues: dict[int, FairQueue] = {}  # by key of the endpoint
        self._loop = uvloop.new_event_loop()
        self._database = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="database")
        self._loop.set_default_executor(self._database)
        self._thread = Thread(target=self._loop.run_forever, name="event-loop", daemon=True)
        self._thread.start()
        self.run(self._open())

    async def _open(self) -> None:
        self.http = model_client()
        self.publisher = StreamPublisher(
            valkey.async_client(socket_timeout=valkey.REPLY_TIMEOUT_SECONDS, retry=Retry(NoBackoff(), 0))
        )
        self.cancellations = CancellationListener(
            valkey.async_client(), self._send_heartbeats, settings.STALE_AFTER_SECONDS / 6
        )
        await self.cancellations.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine that runs on the event loop; this thread waits."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """The result of database work, done in a thread that gives its connection back."""

        def run() -> T:
            try:
                return work(*args)
            finally:
                connections.close_all()

        return await asyncio.to_thread(run)

    def queue(self, endpoint: Endpoint) -> FairQueue:
        """The questions of this process in front of an endpoint."""
        fewest = FEWEST_IN_CLOUD if endpoint.hosting == Place.CLOUD else FEWEST_AT_HOME
        return self._queues.setdefault(endpoint.pk, FairQueue(fewest))

    async def _send_heartbeats(self, answer_ids: Sequence[int]) -> None:
        """A database that is down for a moment must not end the heartbeats: the next try comes soon."""
        if answer_ids:
            try:
                await self.in_thread(touch_heartbeat, answer_ids)
            except Error as error:
                logger.warning("heartbeats cannot be stored: %s", type(error).__name__)

    def close(self) -> None:
        """End what runs on the loop, then the loop."""
        if not self._loop.is_closed():
            self.run(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._database.shutdown()

    async def _close(self) -> None:
        await self.cancellations.close()
        await self.pacer.close()
        await self.publisher.close()
        await self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@once
def worker_runtime() -> WorkerRuntime:
    """The runtime of this process, made for its first task."""
    runtime = WorkerRuntime()
    atexit.register(runtime.close)
    return runtime
