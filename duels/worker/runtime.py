"""The relay bound to the settings: one client of each colour, one outbox, poller and watch per process."""

import logging
import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from django.db import Error, close_old_connections
from redis.backoff import NoBackoff
from redis.retry import Retry

from duels.models import Answer
from duels.relay.cancellation import Watch
from duels.relay.multiplexer import Reader
from duels.relay.poller import Poller
from duels.relay.publisher import Outbox
from duels.worker import generation, metrics

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_SECONDS = 2
REPLY_TIMEOUT_SECONDS = 5
CLOCK_KEY = "conso-duel:clock"
# Six ticks, and never less than a minute: what it asks for may wait for a worker.
BEAT_TIMEOUT_SECONDS = max(60, math.ceil(6 * settings.REAPER_PERIOD_SECONDS))


@cache
def client() -> redis.Redis:
    """The blocking client, for workers and for the short questions of pages."""
    return _connect()


def _connect(**options: Any) -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        max_connections=settings.REDIS_MAX_CONNECTIONS,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=REPLY_TIMEOUT_SECONDS,
        **options,
    )


@cache
def reader() -> Reader:
    """What reads the streams for the pages of this web process; no reply timeout, since it waits for news."""
    return Reader(
        redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            max_connections=settings.REDIS_MAX_CONNECTIONS,
            socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        )
    )


@cache
def outbox() -> Outbox:
    """What this worker process sends from.

    Its client tries nothing a second time by itself: that would double what was sent before the line broke,
    and hide that a stream was lost. The outbox says all again instead, from the start.
    """
    return Outbox(_connect(retry=Retry(NoBackoff(), 0)))


@cache
def poller() -> Poller:
    """What reads the models' answers in this worker process."""
    return Poller()


@cache
def watch() -> Watch:
    """What stops the streams of this worker process."""
    return Watch(client(), _alive, beat_seconds=settings.STALE_AFTER_SECONDS / 6)


def _alive(answer_ids: list[int]) -> None:
    """A database that is away for a moment must not end the watch: the next sign of life comes soon."""
    try:
        generation.still_alive(answer_ids)
    except Error as error:
        logger.warning("no sign of life could be stored: %s", type(error).__name__)
    finally:
        close_old_connections()


def count(answers: Iterable[Answer]) -> None:
    """Adds answers that have ended to the counters of all workers; a Redis that is away loses their count."""
    amounts: Counter[str] = Counter()
    for answer in answers:
        amounts.update(metrics.of_answer(answer))
    try:
        metrics.add(client(), amounts)
    except redis.RedisError as error:
        logger.warning("%d series are not counted: %s", len(amounts), type(error).__name__)


def note_tick() -> None:
    """The clock (beat) has just asked for something."""
    try:
        client().set(CLOCK_KEY, "ticks", ex=BEAT_TIMEOUT_SECONDS)
    except redis.RedisError as error:
        logger.warning("a tick of the clock is not noted: %s", type(error).__name__)


def clock_ticks() -> bool:
    """Whether the clock has asked for anything of late; raises RedisError."""
    return bool(client().exists(CLOCK_KEY))


def is_up() -> bool:
    """Whether Redis, without which no answer can be streamed, is there."""
    try:
        return bool(client().ping())
    except redis.RedisError:
        return False
