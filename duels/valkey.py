"""The clients of Valkey: blocking ones for pages and tasks, and the multiplexer of a web process."""

from functools import cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings

from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.redis_stream import install_parsers

CONNECT_TIMEOUT_SECONDS = 2
REPLY_TIMEOUT_SECONDS = 5
WORKERS_KEY = "conso-duel:workers"  # the workers with a recent heartbeat (conso_duel/operations/workers.py)


@cache
def client() -> redis.Redis:
    """The blocking client of this process."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=REPLY_TIMEOUT_SECONDS, **_options())


@cache
def stream_client() -> redis.Redis:
    """A blocking client whose XRANGE gives events."""
    reading = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=REPLY_TIMEOUT_SECONDS, **_options())
    install_parsers(reading)
    return reading


def async_client(**options: Any) -> redis.asyncio.Redis:
    """A client for one event loop; without a reply timeout, for those that wait for messages."""
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, **_options(), **options)


def _options() -> dict[str, Any]:
    return {
        "decode_responses": True,
        "max_connections": settings.REDIS_MAX_CONNECTIONS,
        "socket_connect_timeout": CONNECT_TIMEOUT_SECONDS,
    }


@cache
def multiplexer() -> StreamMultiplexer:
    """Reads the streams for all pages of this web process."""
    return StreamMultiplexer(async_client())


def is_up() -> bool:
    """Whether Valkey, without which no answer can be streamed, replies."""
    try:
        return bool(client().ping())
    except redis.RedisError:
        return False
