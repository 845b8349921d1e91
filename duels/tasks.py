"""The tasks of the game, and how a turn is put in their queue."""

import logging
import time

from celery import shared_task
from django.db import connections, transaction

from duels import valkey
from duels.events import publish_final_event
from duels.lifecycle import stream_key
from duels.log_context import bind_duel
from duels.models import Turn
from duels.rate_limits import release_slots
from duels.votes.vote_counting import is_rush, votes_last_minute
from duels.worker import beat, generation, reaper
from duels.worker.answer_metrics import record_metrics
from duels.worker.claims import claim_turn
from duels.worker.runtime import worker_runtime

logger = logging.getLogger(__name__)


@shared_task
def generate_turn(turn_id: int) -> None:
    """Generate the waiting answers of a turn on the worker's event loop, while this thread waits.

    No time limit: Celery has none for a pool of threads. Each request to a model's server has its own.
    """
    worker, claimed_after = worker_runtime(), time.monotonic()
    claimed = claim_turn(turn_id)
    connections.close_all()  # this thread waits for minutes, as do hundreds: none may hold a connection
    if claimed:
        with bind_duel(claimed[0].answer.turn.duel.code):
            try:
                stored = worker.run(generation.generate_turn(claimed, worker, claimed_after))
            finally:
                release_slots(stream_key(claimed[0].answer.turn))
        record_metrics(valkey.client(), stored)


@shared_task
def fail_stale() -> None:
    """Beat's period of `reap`."""
    beat.record_beat_tick()
    reap()


def reap() -> None:
    """End what no worker will finish, and queue again what the broker may have lost."""
    failed = reaper.fail_stale()
    for answer in failed:
        publish_final_event(answer)
        release_slots(stream_key(answer.turn))
    record_metrics(valkey.client(), failed)
    if is_rush(votes := votes_last_minute()):
        logger.warning("%d votes in a minute: the admin of set-asides shows who votes most", votes)
    for turn_id in reaper.requeue_lost():
        logger.warning("turn %s still waits: it is queued again", turn_id)
        generate_turn.apply_async((turn_id,))


def enqueue(turn: Turn) -> None:
    """Queue a turn once its transaction is committed.

    Robust: the duel is stored and its page opens; when the broker is down, the turn is queued again later.
    """
    # No partial: what Django logs of a robust function that fails begins with its __qualname__.
    transaction.on_commit(lambda: generate_turn.apply_async((turn.pk,)), robust=True)
