"""Publishes the answers of one worker process to their streams, all of them in one command per window.

Nobody sees a few milliseconds, and each event has its cost: what comes in a window goes together. Most of
the grouping is done by reading all answers at the same moments (read_clock.py).
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any

import redis
import redis.asyncio

from duels.relay.redis_stream import (
    ENDPOINT,
    THOUGHT,
    Event,
    as_html,
    html_data,
    publish_each,
    unshown_key,
)

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 0.001  # from the first pending event to the command
RETRY_SECONDS = 0.5  # between two tries while Valkey is down
GIVE_UP_SECONDS = 60  # how long an ended answer waits for a Valkey that is down
FLUSH_SECONDS = 2
UNSHOWN = (ENDPOINT, THOUGHT)
JOINED = ("chunk", THOUGHT)  # neighbours of one name are sent as one event


class AnswerPublisher:
    """The events of one answer, all in memory until its end: a lost stream can be published again."""

    def __init__(self, publisher: "StreamPublisher", key: str, side: str) -> None:
        self.key = key
        self._unshown_key = unshown_key(key)
        self.side = side
        self.flushed = asyncio.Event()
        self._publisher = publisher
        self._events: list[tuple[str, str]] = []
        self._sent = 0  # how many of them
        self._ended_at: float | None = None
        self._is_abandoned = False
        self._may_begin_to_reason = True
        self._endpoint_id: int | None = None

    def start(self) -> None:
        """Empty this side on every page."""
        self._events.clear()
        self._sent = 0
        self._append("start", "")

    def restart(self) -> None:
        """Empty this side again, in the middle of the answer."""
        self._may_begin_to_reason = True
        self._append("start", "")
        if self._endpoint_id is not None:
            self.endpoint(self._endpoint_id)

    def endpoint(self, endpoint_id: int) -> None:
        """Set the endpoint that answers from here on, sent with the next events; the reaper reads it."""
        self._endpoint_id = endpoint_id
        self._events.append((ENDPOINT, str(endpoint_id)))

    def chunk(self, text: str) -> None:
        self._may_begin_to_reason = False
        self._append("chunk", text)

    def reasoning(self, text: str) -> None:
        """The model reasons: pages are sent that alone, once after each start, and not its text."""
        if self._may_begin_to_reason:
            self._may_begin_to_reason = False
            self._append("reasoning", "")
        self._append(THOUGHT, text)

    def html(self, html: str, units: int | None) -> None:
        """Finished blocks in place of so many UTF-16 units of text; None: in place of all that is shown."""
        self._append("html", html_data(html, units))

    def cut(self, truncation: str) -> None:
        """Why the answer was cut short; published before its end."""
        self._append("cut", truncation)

    async def end(self, name: str, data: str = "") -> None:
        """Publish the final event, `done` or `failed`; returns once it is sent, or after FLUSH_SECONDS."""
        self._ended_at = time.monotonic()
        self._append(name, data)
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self.flushed.wait()
        except TimeoutError:
            logger.warning("the end of an answer waits for Valkey")

    def abandon(self) -> None:
        """Publish nothing more, nor anything again: the answer was taken from this worker, or deleted."""
        self._is_abandoned = True
        self._events.clear()
        self._sent, self._ended_at = 0, time.monotonic()
        self._publisher.schedule(self)

    def _append(self, name: str, data: str) -> None:
        if not self._is_abandoned:
            self._events.append((name, data))
            self._publisher.schedule(self)

    @property
    def has_pending(self) -> bool:
        return self._sent < len(self._events)

    @property
    def is_over(self) -> bool:
        """Whether all is sent up to the final event, or it is too late for any reader."""
        if self._ended_at is None:
            return False
        return not self.has_pending or time.monotonic() - self._ended_at > GIVE_UP_SECONDS

    def pending(self) -> dict[str, list[Event]]:
        """The events not sent yet, by the key of their stream; neighbouring texts are joined."""
        joined: list[tuple[str, list[str]]] = []
        for name, data in self._events[self._sent :]:
            if joined and joined[-1][0] == name and name in JOINED:
                joined[-1][1].append(data)
            else:
                joined.append((name, [data]))
        by_key: dict[str, list[Event]] = {}
        for name, parts in joined:
            key = self._unshown_key if name in UNSHOWN else self.key
            by_key.setdefault(key, []).append(self._event(name, "".join(parts)))
        return by_key

    def mark_sent(self, count: int) -> None:
        """The first `count` events are sent."""
        self._sent = min(count, len(self._events))
        if self._ended_at is not None and not self.has_pending:
            self.flushed.set()

    @property
    def count(self) -> int:
        return len(self._events)

    def reset(self) -> None:
        """Send all again, from `start`, which empties the page: what was sent may be lost."""
        self._sent = 0

    def _event(self, name: str, data: str) -> Event:
        return Event(f"{self.side}-{name}", as_html(data) if name == "chunk" else data)


@dataclass(frozen=True, slots=True)
class PendingEvents:
    """The events of one answer that one command sends."""

    answer: AnswerPublisher
    count: int  # of the answer's events that are sent with it
    events: dict[str, list[Event]]  # by the key of their stream


class StreamPublisher:
    """Sends for every answer of this process, from one task that runs while there is something to send.

    client: must not retry by itself. That would double what was sent before the connection broke, and hide
    that a stream was lost; after a failure, or a new connection, all is sent again from the start instead.
    """

    def __init__(self, client: redis.asyncio.Redis, window_seconds: float = WINDOW_SECONDS) -> None:
        self._client = client
        self._window_seconds = window_seconds
        self._open: set[AnswerPublisher] = set()
        self._scheduled: set[AnswerPublisher] = set()  # with something to send, or over
        self._task: asyncio.Task[None] | None = None
        self._connections = 0
        client.connection_pool.connection_kwargs["redis_connect_func"] = self._on_connect

    async def _on_connect(self, connection: Any) -> None:
        """Count connections: the server behind a new one may be an empty one."""
        await connection.on_connect()
        self._connections += 1

    @property
    def open_answers(self) -> int:
        return len(self._open)

    def open(self, key: str, side: str) -> AnswerPublisher:
        """A new answer; its first event empties the side."""
        answer = AnswerPublisher(self, key, side)
        self._open.add(answer)
        answer.start()
        return answer

    def schedule(self, answer: AnswerPublisher) -> None:
        """Send what this answer has pending in the next window."""
        self._scheduled.add(answer)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="publisher")

    async def _run(self) -> None:
        while self._scheduled:
            await asyncio.sleep(self._window_seconds)
            await self._send()

    async def _send(self) -> None:
        scheduled, self._scheduled = self._scheduled, set()
        self._open |= scheduled  # one may have been removed as over just before its last event
        pending = [
            PendingEvents(answer, answer.count, answer.pending())
            for answer in scheduled
            if answer.has_pending
        ]
        by_key: dict[str, list[Event]] = {}
        for one in pending:
            for key, events in one.events.items():
                by_key.setdefault(key, []).extend(events)
        connections = self._connections
        try:
            if by_key:
                await publish_each(self._client, by_key)
        except redis.RedisError as error:
            logger.warning("the streams cannot be written: %s", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
            self.resend_all()
        else:
            for one in pending:
                one.answer.mark_sent(one.count)
            if 0 < connections < self._connections:
                self.resend_all()
        self._open -= {answer for answer in scheduled if answer.is_over}

    def resend_all(self) -> None:
        """Publish every open answer again from its start."""
        for answer in self._open:
            answer.reset()
            self.schedule(answer)

    async def close(self) -> None:
        """Stop sending and close the client."""
        if self._task is not None:
            self._task.cancel()
        await self._client.aclose()
