"""What the answers of one worker process have to say, sent in one command per window.

Nobody sees a few milliseconds, everybody pays for each event: what is said in that time travels together.
Most of the gathering is done where the answers are read (poller.py).
"""

import logging
import threading
import time

import redis

from duels.relay.redis_stream import Event, append_each, as_html

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 0.003  # from a first word to the send: what is said meanwhile goes along
WINDOW_SECONDS_PER_ANSWER = 0.00005  # 200 answers at once: 13 ms
PAUSE_WHEN_DOWN_SECONDS = 0.5
PATIENCE_SECONDS = 60  # how long an ended answer waits for a Redis that is away


class AnswerPublisher:
    """The line of one answer into its stream. It remembers all it said, so that a lost stream heals."""

    def __init__(self, outbox: "StreamPublisher", key: str, side: str) -> None:
        self.key = key
        self.side = side
        self.flushed = threading.Event()
        self._outbox = outbox
        self._said: list[tuple[str, str]] = []
        self._sent = 0
        self._ended_at: float | None = None
        self._is_abandoned = False

    def start(self) -> None:
        """Empties what the page shows of this side."""
        self._said.clear()
        self._sent = 0
        self._say("start", "")

    def chunk(self, text: str, *, reasoning: bool = False) -> None:
        """More of the answer, or of the reasoning before it."""
        self._say("reasoning" if reasoning else "chunk", text)

    def cut(self, why: str) -> None:
        """What ended the answer before its model did; told before the ending."""
        self._say("cut", why)

    def end(self, name: str, html: str) -> None:
        """The ending, `done` or `failed`; comes back when it is sent, or after two seconds without Redis."""
        self._ended_at = time.monotonic()
        self._say(name, html)
        self.flushed.wait(2)

    def abandon(self) -> None:
        """Nothing more is said, nor ever again: the answer was taken from this worker, or deleted."""
        self._is_abandoned = True
        self._said.clear()
        self._sent, self._ended_at = 0, time.monotonic()
        self._outbox.wake(self)

    def _say(self, name: str, data: str) -> None:
        if self._is_abandoned:
            return
        self._said.append((name, data))
        self._outbox.wake(self)

    @property
    def has_news(self) -> bool:
        return self._sent < len(self._said)

    @property
    def is_over(self) -> bool:
        """All is sent after the ending, or it is too late for anybody to read it."""
        if self._ended_at is None:
            return False
        return not self.has_news or time.monotonic() - self._ended_at > PATIENCE_SECONDS

    def news(self) -> tuple[int, list[Event]]:
        """How much will have been said, and the events not sent yet; neighbours of one kind are joined."""
        upto = len(self._said)
        joined: list[tuple[str, list[str]]] = []
        for name, data in self._said[self._sent : upto]:
            if joined and joined[-1][0] == name:
                joined[-1][1].append(data)
            else:
                joined.append((name, [data]))
        return upto, [self._event(name, "".join(parts)) for name, parts in joined]

    def sent(self, upto: int) -> None:
        self._sent = upto
        if self._ended_at is not None and not self.has_news:
            self.flushed.set()

    def lost(self) -> None:
        """Nothing that was sent can be relied on: all is said again, from `start`, which empties the page."""
        self._sent = 0

    def _event(self, name: str, data: str) -> Event:
        is_text = name in ("chunk", "reasoning")
        return Event(f"{self.side}-{name}", as_html(data) if is_text else data)


class StreamPublisher:
    """Sends for every channel of this process, from one thread that sleeps when nobody speaks."""

    def __init__(self, client: redis.Redis, window_seconds: float = WINDOW_SECONDS) -> None:
        self._client = client
        self._window_seconds = window_seconds
        self._channels: set[AnswerPublisher] = set()
        self._talking: set[AnswerPublisher] = set()  # those with something to send, or to be forgotten
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._connections = 0
        client.connection_pool.connection_kwargs["redis_connect_func"] = self._connected

    def _connected(self, connection: redis.Connection) -> None:
        """Counts: the client connects anew by itself, and the server it finds may be an empty one."""
        connection.on_connect()  # type: ignore[no-untyped-call]
        self._connections += 1

    def open(self, key: str, side: str) -> AnswerPublisher:
        """A new channel, whose first event empties the side."""
        channel = AnswerPublisher(self, key, side)
        with self._lock:
            self._channels.add(channel)
            if not self._thread.is_alive():
                self._thread.start()
        channel.start()
        return channel

    def wake(self, channel: AnswerPublisher) -> None:
        """This channel wants something."""
        with self._lock:
            self._talking.add(channel)
        if not self._news.is_set():  # most often it is: others talk, too
            self._news.set()

    def _run(self) -> None:
        while True:
            self._news.wait()
            time.sleep(self._window_seconds + WINDOW_SECONDS_PER_ANSWER * len(self._channels))
            self._news.clear()
            self._send()

    def _send(self) -> None:
        with self._lock:
            talking, self._talking = self._talking, set()
            self._channels |= talking  # one may have been taken for over just before its ending
        news = [(channel, *channel.news()) for channel in talking if channel.has_news]
        said: dict[str, list[Event]] = {}
        for channel, _, events in news:
            said.setdefault(channel.key, []).extend(events)
        connections = self._connections
        try:
            append_each(self._client, said)
        except redis.RedisError as error:
            self._wait_for_redis(error)
        else:
            for channel, upto, _ in news:
                channel.sent(upto)
            if 0 < connections < self._connections:
                self._say_all_again()
        with self._lock:
            self._channels -= {channel for channel in talking if channel.is_over}

    def _wait_for_redis(self, error: redis.RedisError) -> None:
        logger.warning("the streams cannot be written: %s", type(error).__name__)
        time.sleep(PAUSE_WHEN_DOWN_SECONDS)
        self._say_all_again()

    def _say_all_again(self) -> None:
        with self._lock:
            for channel in self._channels:
                channel.lost()
            self._talking |= self._channels
        self._news.set()
