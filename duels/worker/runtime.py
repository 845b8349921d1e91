"""The relay bound to the settings: one client of each colour, one outbox, poller and watch per process."""

import logging
from functools import cache

import redis
from django.conf import settings
from django.db import Error, close_old_connections
from redis.backoff import NoBackoff
from redis.retry import Retry

from duels import valkey
from duels.relay.cancellation import CancellationListener
from duels.relay.poller import Poller
from duels.relay.publisher import StreamPublisher
from duels.worker import generation

logger = logging.getLogger(__name__)


@cache
def outbox() -> StreamPublisher:
    """What this worker process sends from.

    Its client tries nothing a second time by itself: that would double what was sent before the line broke,
    and hide that a stream was lost. The outbox says all again instead, from the start.
    """
    return StreamPublisher(
        redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, retry=Retry(NoBackoff(), 0))
    )


@cache
def poller() -> Poller:
    """What reads the models' answers in this worker process."""
    return Poller()


@cache
def watch() -> CancellationListener:
    """What stops the streams of this worker process."""
    return CancellationListener(valkey.client(), _alive, beat_seconds=settings.STALE_AFTER_SECONDS / 6)


def _alive(answer_ids: list[int]) -> None:
    """A database that is away for a moment must not end the watch: the next sign of life comes soon."""
    try:
        generation.touch_heartbeat(answer_ids)
    except Error as error:
        logger.warning("no sign of life could be stored: %s", type(error).__name__)
    finally:
        close_old_connections()
