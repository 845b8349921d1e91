"""Duels that go, because their visitor asks for it or because they are old: their texts, and whose they were.

What was voted may stay in the ranking, tied to nobody: see `about_to_go`.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from duels import valkey
from duels.lifecycle import stream_key
from duels.models import Answer, Duel, Turn
from duels.relay.cancellation import request_stop
from duels.relay.redis_stream import Event, append_each

logger = logging.getLogger(__name__)

BATCH_SIZE = 200
# Sent with the `keys` of the duels, in the transaction that deletes them. `memory` is for the receiver: it is
# the same dictionary for all the parts of one deletion.
before_deletion = Signal()


def delete(duels: QuerySet[Duel]) -> int:
    """Stops what runs in these duels and deletes them with all they hold; returns how many they were."""
    keys = list(duels.values_list("pk", flat=True))
    return _delete_all(keys[first : first + BATCH_SIZE] for first in range(0, len(keys), BATCH_SIZE))


def delete_expired(now: datetime) -> int:
    """Deletes the duels that are older than the site keeps any; returns how many they were."""
    oldest_kept = now - timedelta(days=settings.KEEP_DUELS_DAYS)
    return _delete_all(iter(partial(_first_keys_before, oldest_kept), []))


def _delete_all(parts: Iterable[list[int]]) -> int:
    """One deletion, part by part; each is asked for once the one before is gone."""
    deleted, memory = 0, dict[Any, Any]()
    for keys in parts:
        _delete(keys, memory)
        deleted += len(keys)
    logger.info("%d duels are deleted", deleted)
    return deleted


def _first_keys_before(oldest_kept: datetime) -> list[int]:
    """Keys grow with the hour, so that no other index is needed to find the oldest."""
    first = Duel.objects.order_by("pk").only("created_at")[:BATCH_SIZE]
    return [duel.pk for duel in first if duel.created_at < oldest_kept]


def _delete(keys: list[int], memory: dict[Any, Any]) -> None:
    turns = Turn.objects.filter(duel__in=keys).select_related("duel")
    unfinished = (Answer.State.WAITING, Answer.State.STREAMING)
    running = {stream_key(turn) for turn in turns.filter(answers__state__in=unfinished)}
    streams = {stream_key(turn) for turn in turns}
    _request_stops(running)
    with transaction.atomic():
        before_deletion.send(Duel, keys=keys, memory=memory)
        Duel.objects.filter(pk__in=keys).delete()
    _clear_streams(streams, running)


def _request_stops(running: Iterable[str]) -> None:
    """Workers end what they stream; those that miss it find no answer to store."""
    try:
        for key in running:
            request_stop(valkey.client(), key)
    except redis.RedisError as error:
        logger.warning("deleted duels are not stopped: %s", type(error).__name__)


def _clear_streams(streams: Iterable[str], running: set[str]) -> None:
    """What pages were sent is in Redis for an hour: it goes, and pages that still follow are told the end."""
    try:
        valkey.client().delete(*streams)
        append_each(valkey.client(), {key: [Event("end")] for key in running})
    except redis.RedisError as error:
        logger.warning("streams of deleted duels stay for their hour: %s", type(error).__name__)
