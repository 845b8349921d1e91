"""What becomes of answers whose worker is gone, and of turns that no worker has claimed."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from duels.models import Answer

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=settings.STALE_AFTER_SECONDS)  # without a heartbeat
REQUEUE_AFTER = STALE_AFTER / 3  # the broker may have lost it; once queued again, it has STALE_AFTER


def fail_stale() -> list[Answer]:
    """Fail the answers that a worker has left, or that none has claimed though queued again; return them."""
    return [answer for answer in _stale().select_related("turn__duel") if _fail(answer)]


def _stale() -> QuerySet[Answer]:
    """Evaluated again in the UPDATE: a heartbeat may have come meanwhile."""
    unfinished = (Answer.State.STREAMING, Answer.State.WAITING)
    return Answer.objects.filter(state__in=unfinished, heartbeat_at__lt=Now() - STALE_AFTER)


def _fail(answer: Answer) -> bool:
    """Whether the answer was still in the state in which it was read."""
    failure = Answer.Failure.CUT if answer.state == Answer.State.STREAMING else Answer.Failure.UNAVAILABLE
    unchanged = _stale().filter(pk=answer.pk, state=answer.state)
    failed = unchanged.update(state=Answer.State.FAILED, failure=failure, finished_at=Now())
    if failed:
        logger.warning("answer %s, left %s, has failed", answer.pk, answer.state)
    return bool(failed)


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
