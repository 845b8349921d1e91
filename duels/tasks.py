"""Celery shells around the verbs."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from celery import shared_task
from django.db import connections, transaction

from duels import beat, valkey
from duels.events import publish_final_event
from duels.log_context import bind_duel
from duels.models import Answer, Turn
from duels.worker import generation, runtime
from duels.worker.metrics import record_metrics

logger = logging.getLogger(__name__)

# The threads of the second sides, made as they are needed: each is kept for the next, with what Django keeps
# in it. More than any worker has turns at once.
second_sides = ThreadPoolExecutor(1_000, thread_name_prefix="second-side")


@shared_task
def generate_turn(turn_id: int) -> None:
    """Writes the waiting answers of a turn side by side, the first in this thread.

    No time limit: Celery keeps none in a pool of threads. Each exchange with a model's server has its own.
    """
    since = runtime.watch().listen()
    answers = generation.claim_turn(turn_id)
    beside = [second_sides.submit(_stream, answer, since) for answer in answers[1:]]
    written = [_stream(answer, since) for answer in answers[:1]] + [other.result() for other in beside]
    record_metrics(
        valkey.client(), [answer for answer, is_written in zip(answers, written, strict=True) if is_written]
    )


def _stream(answer: Answer, since: float) -> bool:
    """Whether it was written here.

    Gives its connection back at the end: one kept while the other side is waited for could be the one that
    the other side waits for.
    """
    try:
        with bind_duel(answer.turn.duel.code):
            return generation.stream_answer(
                answer, runtime.poller(), runtime.outbox(), runtime.watch(), since
            )
    finally:
        connections.close_all()


@shared_task
def fail_stale() -> None:
    """Ends what no worker will end, and queues again what the broker may have lost."""
    beat.record_beat_tick()
    failed = generation.fail_stale()
    for answer in failed:
        publish_final_event(answer)
    record_metrics(valkey.client(), failed)
    for turn_id in generation.requeue_lost():
        logger.warning("turn %s still waits: it is queued again", turn_id)
        _queue(turn_id)


def enqueue(turn: Turn) -> None:
    """Puts a turn in the queue once its transaction is committed: whoever takes it writes what waits.

    Robust: the duel is stored and its page opens; where the broker has just gone, it is queued again later.
    """
    transaction.on_commit(partial(_queue, turn.pk), robust=True)


def _queue(turn_id: int) -> None:
    """Without declaring the queue, which Redis does not need, and which takes longer than to send."""
    generate_turn.apply_async((turn_id,), declare=[])  # type: ignore[call-arg]  # its stubs do not know it
