"""How a visitor's stop reaches the worker that streams: a message to all, a socket closed by one.

A stop may come between the moment an answer is taken and the one its upstream is asked: it is remembered, so
that nobody need ask the database once more whether there was one.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import redis

logger = logging.getLogger(__name__)

CHANNEL = "conso-duel:stop"
TICK_SECONDS = 0.5
BEAT_SECONDS = 5
LISTEN_SECONDS = 1  # how long the first answer of a process waits for its watch to hear
MEMORY_SECONDS = 60  # more than passes between a stop and the next try at an upstream that it is meant for


def request_stop(client: redis.Redis, key: str) -> None:
    """Asks whichever workers stream into `key` to stop."""
    client.publish(CHANNEL, key)


@dataclass(eq=False, slots=True)
class RunningAnswer:
    """One running answer: how to close its upstream, and whether that was asked for."""

    answer_id: int
    key: str
    close: Callable[[], None]
    stopped: bool = False


class CancellationListener:
    """One thread per worker process: it closes upstreams on request and gives signs of life.

    alive: called every `beat_seconds` with the ids of the running answers.
    """

    def __init__(
        self, client: redis.Redis, alive: Callable[[list[int]], None], beat_seconds: float = BEAT_SECONDS
    ) -> None:
        self._client = client
        self._alive = alive
        self._beat_seconds = beat_seconds
        self._is_deaf = False
        self._running: list[RunningAnswer] = []
        self._heard: dict[str, float] = {}  # when each key was last to be stopped, oldest first
        self._lock = threading.Lock()
        self._hears = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def listen(self) -> float:
        """Begins to remember stops, if it does not yet; returns this moment (monotonic seconds)."""
        with self._lock:
            if not self._thread.is_alive():
                self._thread.start()
        self._hears.wait(LISTEN_SECONDS)
        return time.monotonic()

    @contextmanager
    def over(
        self, answer_id: int, key: str, close: Callable[[], None], since: float
    ) -> Iterator[RunningAnswer]:
        """Watches one stream while the block runs; it is stopped already if that was asked for since then."""
        watched = RunningAnswer(answer_id, key, close)
        with self._lock:
            self._running.append(watched)
            watched.stopped = self._heard.get(key, -math.inf) >= since
        try:
            yield watched
        finally:
            with self._lock:
                self._running.remove(watched)

    def _run(self) -> None:
        messages = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        next_beat = time.monotonic() + self._beat_seconds
        while True:
            self._hear(messages)
            if time.monotonic() >= next_beat:
                self._alive([watched.answer_id for watched in self._snapshot()])
                next_beat = time.monotonic() + self._beat_seconds

    def _hear(self, messages: redis.client.PubSub) -> None:
        """Waits one tick for a message; redis-py subscribes again by itself once Redis is back."""
        try:
            if not messages.subscribed:
                messages.subscribe(CHANNEL)
                self._hears.set()
            if message := messages.get_message(timeout=TICK_SECONDS):
                self._stop(message["data"])
            self._is_deaf = False
        except redis.RedisError as error:
            if not self._is_deaf:
                logger.warning("stops cannot be heard: %s", type(error).__name__)
            self._is_deaf = True
            time.sleep(TICK_SECONDS)

    def _snapshot(self) -> list[RunningAnswer]:
        with self._lock:
            return list(self._running)

    def _stop(self, key: str) -> None:
        self._remember(key, time.monotonic())
        for watched in self._snapshot():
            if watched.key == key:
                watched.stopped = True
                watched.close()

    def _remember(self, key: str, now: float) -> None:
        with self._lock:
            self._heard.pop(key, None)
            self._heard[key] = now
            while (oldest := next(iter(self._heard.items())))[1] < now - MEMORY_SECONDS:
                del self._heard[oldest[0]]
