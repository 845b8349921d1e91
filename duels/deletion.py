"""Deletion of duels: at their visitor's request, or once they are too old.

Votes may stay in the ranking, anonymous: see the signal `before_deletion`.
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
from duels.relay.redis_stream import Event, append_each, unshown_key

logger = logging.getLogger(__name__)

BATCH_SIZE = 200
# Sent in the transaction that deletes the duels, with their `keys`. `memory` is a dictionary for the
# receiver, the same in all batches of one deletion.
before_deletion = Signal()


def delete(duels: QuerySet[Duel]) -> int:
    """Stop and delete these duels; returns how many."""
    keys = list(duels.values_list("pk", flat=True))
    return _delete_all(keys[first : first + BATCH_SIZE] for first in range(0, len(keys), BATCH_SIZE))


def delete_expired(now: datetime) -> int:
    """Delete the duels older than KEEP_DUELS_DAYS; returns how many."""
    cutoff = now - timedelta(days=settings.KEEP_DUELS_DAYS)
    return _delete_all(iter(partial(_first_keys_before, cutoff), []))


def _delete_all(batches: Iterable[list[int]]) -> int:
    """Delete batch after batch; the next is read once the one before is deleted."""
    deleted, memory = 0, dict[Any, Any]()
    for keys in batches:
        _delete(keys, memory)
        deleted += len(keys)
    logger.info("%d duels are deleted", deleted)
    return deleted


def _first_keys_before(cutoff: datetime) -> list[int]:
    """Primary keys of the oldest duels, which are the lowest: no other index is needed."""
    first = Duel.objects.order_by("pk").only("created_at")[:BATCH_SIZE]
    return [duel.pk for duel in first if duel.created_at < cutoff]


def _delete(keys: list[int], memory: dict[Any, Any]) -> None:
    turns = Turn.objects.filter(duel__in=keys).select_related("duel")
    unfinished = (Answer.State.WAITING, Answer.State.STREAMING)
    running = {stream_key(turn) for turn in turns.filter(answers__state__in=unfinished)}
    streams = {stream_key(turn) for turn in turns}
    _request_stops(running)
    with transaction.atomic():
        # The duels first and in one order, as whoever adds to a duel locks it: a vote cast meanwhile is
        # stored before, or finds no duel; two deletions wait for each other.
        list(Duel.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        before_deletion.send(Duel, keys=keys, memory=memory)
        Duel.objects.filter(pk__in=keys).delete()
    _clear_streams(streams, running)


def _request_stops(running: Iterable[str]) -> None:
    """Ask workers to stop; one that misses the message finds no answer to store."""
    try:
        for key in running:
            request_stop(valkey.client(), key)
    except redis.RedisError as error:
        logger.warning("deleted duels are not stopped: %s", type(error).__name__)


def _clear_streams(streams: Iterable[str], running: set[str]) -> None:
    """Delete the events of these duels, which Valkey would hold for an hour, and end them on open pages."""
    try:
        valkey.client().delete(*streams, *map(unshown_key, streams))
        append_each(valkey.client(), {key: [Event("end")] for key in running})
    except redis.RedisError as error:
        logger.warning("streams of deleted duels stay for their hour: %s", type(error).__name__)
