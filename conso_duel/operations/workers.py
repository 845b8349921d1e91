"""Heartbeats of the workers, and the queue that they take from."""

import logging
import time

import redis
from celery import current_app
from django.db.models import Min
from django.utils import timezone

from duels import valkey
from duels.models import Answer

logger = logging.getLogger(__name__)

HEARTBEAT_PERIOD_SECONDS = 5
HEARTBEAT_TIMEOUT_SECONDS = 20


def record_worker_heartbeat(name: str) -> None:
    """Store the heartbeat of one worker, and delete those that are out of date."""
    now = time.time()
    try:
        with valkey.client().pipeline(transaction=False) as pipeline:
            pipeline.zadd(valkey.WORKERS_KEY, {name: now})
            pipeline.zremrangebyscore(valkey.WORKERS_KEY, "-inf", now - HEARTBEAT_TIMEOUT_SECONDS)
            pipeline.execute()
    except redis.RedisError as error:
        logger.warning("the heartbeat of a worker is not stored: %s", type(error).__name__)


def worker_count(client: redis.Redis) -> int:
    """How many workers have a recent heartbeat."""
    return int(client.zcount(valkey.WORKERS_KEY, time.time() - HEARTBEAT_TIMEOUT_SECONDS, "+inf"))


def queue_length(client: redis.Redis) -> int:
    """The tasks that no worker has taken."""
    return int(client.llen(current_app.conf.task_default_queue))


def oldest_wait_seconds() -> float:
    """For how long the first of the waiting answers has waited; 0 when none does."""
    waiting = Answer.objects.filter(state=Answer.State.WAITING)
    since = waiting.aggregate(since=Min("queued_at"))["since"]
    return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0
