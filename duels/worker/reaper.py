"""Ends answers whose worker is gone, and turns that no worker has claimed.

Beat asks for it at a period. So does every page that waits for such an answer, with the two functions at the
end: no page hangs for want of one process.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from duels import valkey
from duels.answers.answer_hosting import hosting_fields, served_shape
from duels.answers.consumption import energy_fields
from duels.answers.token_counts import Limits, token_fields
from duels.lifecycle import stream_key
from duels.models import Answer
from duels.relay.redis_stream import read_unshown, text_shown
from duels.worker.claims import conversation
from models_registry.models import Endpoint

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=settings.STALE_AFTER_SECONDS)  # without a heartbeat
REQUEUE_AFTER = STALE_AFTER / 3  # the broker may have lost it; once queued again, it has STALE_AFTER
# Two heartbeats: whoever has stopped an answer need not wait for as long as one who still hopes for it.
STOPPED_AFTER = STALE_AFTER / 3


def fail_stale() -> list[Answer]:
    """End the answers that a worker has left, or that none has claimed though queued again; return them.

    What was written of one is stored, and paid for. One that its visitor has stopped is done, any other has
    failed.
    """
    return [answer for answer in _stale().select_related("turn__duel", "model") if _end(answer)]


def _stale() -> QuerySet[Answer]:
    """Evaluated again in the UPDATE: a heartbeat may have come meanwhile."""
    unfinished = (Answer.State.STREAMING, Answer.State.WAITING)
    is_left = Q(heartbeat_at__lt=Now() - STALE_AFTER)
    is_left |= Q(turn__stopped_at__isnull=False, heartbeat_at__lt=Now() - STOPPED_AFTER)
    return Answer.objects.filter(is_left, state__in=unfinished)


def _end(answer: Answer) -> bool:
    """Whether the answer was still in the state in which it was read."""
    values, endpoint = _ending(answer), None
    if answer.state == Answer.State.STREAMING:
        written, endpoint = _written(answer)
        values |= written
    unchanged = _stale().filter(pk=answer.pk, state=answer.state)
    with transaction.atomic():
        ended = Answer.objects.filter(pk__in=unchanged.values("pk")).update(**values, finished_at=Now())
        if ended and endpoint:
            tokens_out = values["tokens_out"] + values["reasoning_tokens"]
            endpoint.record_spending(values["tokens_in"] or 0, tokens_out)
    if ended:
        logger.warning("answer %s, left %s, is ended", answer.pk, answer.state)
    return bool(ended)


def _ending(answer: Answer) -> dict[str, Any]:
    """How an answer ends that its worker has left, or that none has claimed."""
    if answer.state == Answer.State.WAITING:
        return {"state": Answer.State.FAILED, "failure": Answer.Failure.UNAVAILABLE}
    if answer.turn.stopped_at is not None and answer.turn.stopped_at >= answer.queued_at:
        return {"state": Answer.State.DONE, "stopped": True}
    return {"state": Answer.State.FAILED, "failure": Answer.Failure.CUT}


def _written(answer: Answer) -> tuple[dict[str, Any], Endpoint | None]:
    """The output of a worker for an answer, and by which endpoint; empty without Valkey, which holds it."""
    try:
        client, key = valkey.stream_client(), stream_key(answer.turn)
        text, unshown = text_shown(client, key, answer.side), read_unshown(client, key, answer.side)
    except redis.RedisError as error:
        logger.warning("what answer %s has shown is not read: %s", answer.pk, type(error).__name__)
        return {}, None
    if not (text or unshown.reasoning):
        return {}, None
    endpoint = Endpoint.objects.filter(pk=unshown.endpoint_id).first() if unshown.endpoint_id else None
    limits = Limits(conversation(answer), family=answer.model.tokenizer_family)
    values = {
        "text": text,
        "reasoning": unshown.reasoning,
        "endpoint": endpoint,
        **token_fields(None, text, unshown.reasoning, limits),
        **energy_fields(served_shape(answer.model, endpoint)),
        **hosting_fields(endpoint, None, None),
    }
    return values, endpoint


def requeue_lost() -> set[int]:
    """The turns that have waited for so long that the broker may have lost them; each is returned once.

    A turn twice in the queue does no harm: the second claim finds nothing.
    """
    turn_ids = set(_lost().values_list("turn_id", flat=True))
    return {turn_id for turn_id in turn_ids if _lost().filter(turn=turn_id).update(heartbeat_at=Now())}


def _lost() -> QuerySet[Answer]:
    """Evaluated again in the UPDATE, for both sides in one: a reaper at the same moment finds none left."""
    queued_before = Now() - REQUEUE_AFTER
    return Answer.objects.filter(state=Answer.State.WAITING, heartbeat_at=None, queued_at__lt=queued_before)


def look_left(answers: Iterable[Answer]) -> bool:
    """Whether one of these loaded answers may be one that a reaper ends or queues again."""
    return any(map(_looks_left, answers))


def _looks_left(answer: Answer) -> bool:
    """By this machine's clock, which may be wrong: the reaper itself asks that of the database."""
    if answer.is_finished:
        return False
    now = timezone.now()
    if answer.heartbeat_at is None:
        return now - answer.queued_at > REQUEUE_AFTER
    limit = STALE_AFTER if answer.turn.stopped_at is None else STOPPED_AFTER
    return now - answer.heartbeat_at > limit
