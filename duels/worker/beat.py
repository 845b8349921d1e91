"""Whether Celery beat, which asks for the periodic tasks, is running."""

import logging
import math

import redis
from django.conf import settings

from duels import valkey

logger = logging.getLogger(__name__)

KEY = "conso-duel:clock"
# Six periods of the reaper, and never less than a minute: a periodic task may wait for a worker.
BEAT_TIMEOUT_SECONDS = max(60, math.ceil(6 * settings.REAPER_PERIOD_SECONDS))


def record_beat_tick() -> None:
    """Store that a periodic task has just run."""
    try:
        valkey.client().set(KEY, "ticks", ex=BEAT_TIMEOUT_SECONDS)
    except redis.RedisError as error:
        logger.warning("the tick of beat is not stored: %s", type(error).__name__)


def is_beat_alive() -> bool:
    """Whether a periodic task has run lately; raises RedisError."""
    return bool(valkey.client().exists(KEY))
