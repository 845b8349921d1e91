"""Celery shells around the verbs."""

import logging
from functools import partial

import redis
from celery import shared_task
from django.conf import settings
from django.db import transaction

from duels import answering, live
from duels.models import Answer, Turn
from duels.patience import patiently
from duels.play import stream_key
from duels.relay.stream import Event, append
from duels.tracing import about

logger = logging.getLogger(__name__)

TIME_LIMIT_SECONDS = settings.ANSWER_TIME_LIMIT_SECONDS + 30  # an answer ends itself before


@shared_task(soft_time_limit=TIME_LIMIT_SECONDS)
def stream_answer(answer_id: int) -> None:
    answer = patiently(partial(answering.claim, answer_id))
    if answer is None:
        return
    with about(answer.turn.duel.code):
        if answering.stream_answer(answer, live.outbox(), live.watch()):
            live.count(answer)


@shared_task
def fail_stale() -> None:
    """Ends what no worker will end, and queues again what the broker may have lost."""
    live.note_tick()
    for answer in answering.fail_stale():
        announce(answer)
        live.count(answer)
    for answer_id in answering.queue_again():
        logger.warning("answer %s still waits: it is queued again", answer_id)
        stream_answer.delay(answer_id)


def start(turn: Turn) -> None:
    """Puts every waiting answer of a turn in the queue, once its transaction is committed.

    Robust: the duel is stored and its page opens; where the broker has just gone, it is queued again later.
    """
    for answer in turn.answers.filter(state=Answer.State.WAITING):
        transaction.on_commit(partial(stream_answer.delay, answer.pk), robust=True)


def announce(answer: Answer) -> None:
    """Tells the pages of an answer that ended without a worker."""
    answer.refresh_from_db()
    name, data = answering.ending_of(answer)
    _tell(answer, Event(f"{answer.side}-{name}", data))


def announce_start(answer: Answer) -> None:
    """Tells the pages that this side begins again, so that they do not take its failure for an ending."""
    _tell(answer, Event(f"{answer.side}-start"))


def _tell(answer: Answer, event: Event) -> None:
    """Without Redis nobody is told; the pages then learn it from the database when they come back."""
    try:
        append(live.client(), stream_key(answer.turn), [event])
    except redis.RedisError as error:
        logger.warning("answer %s: its pages are not told: %s", answer.pk, type(error).__name__)
