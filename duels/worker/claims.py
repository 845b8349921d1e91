"""How a worker claims the waiting answers of a turn, and shows that it still streams them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.db.models import QuerySet
from django.db.models.functions import Now

from backends.base import Message
from duels.models import Answer
from duels.worker.db_retry import retry_on_db_outage
from models_registry.models import Endpoint
from web.compiled_query import compiled_query

# Turns claimed at once by one process: when there is more to do than the machine can, new turns wait, and
# answers that are being streamed are not delayed.
claim_slots = BoundedSemaphore(2)
CLAIM_BITS = 63  # of a random number, as many as a column of integers holds


@dataclass(frozen=True, slots=True)
class ClaimedAnswer:
    """An answer that this worker is to generate, and what that takes."""

    answer: Answer
    endpoints: Sequence[Endpoint]  # of its model, the preferred first
    messages: Sequence[Message]  # the conversation up to the prompt


def claim_turn(turn_id: int) -> list[ClaimedAnswer]:
    """Claim the waiting answers of a turn for this worker; empty when another has them."""
    claim = secrets.randbits(CLAIM_BITS)
    with claim_slots:
        return _load(turn_id, claim) if mark_claimed(turn_id, claim) else []


@retry_on_db_outage
def mark_claimed(turn_id: int, claim: int) -> int:
    """Write this claim on the waiting answers, so that no other worker takes them; returns their number.

    The moment is the database's, as wherever ages are compared: each machine has its own clock.
    """
    return Answer.objects.filter(turn=turn_id, state=Answer.State.WAITING).update(
        state=Answer.State.STREAMING, claim=claim, started_at=Now(), heartbeat_at=Now()
    )


@retry_on_db_outage
def _load(turn_id: int, claim: int) -> list[ClaimedAnswer]:
    answers = _claimed_answers(turn_id, claim)
    endpoints = _endpoints_of(turn_id)
    return [
        ClaimedAnswer(answer, _own_endpoints(answer, endpoints), conversation(answer)) for answer in answers
    ]


@compiled_query
def _claimed_answers(turn_id: int, claim: int) -> QuerySet[Answer]:
    return Answer.objects.filter(turn=turn_id, claim=claim).select_related("turn__duel", "model")


@compiled_query
def _endpoints_of(turn_id: int) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(model__in=Answer.objects.filter(turn=turn_id).values("model"))


def _own_endpoints(answer: Answer, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    own = [endpoint for endpoint in endpoints if endpoint.model_id == answer.model_id]
    for endpoint in own:
        endpoint.model = answer.model
    return own


def conversation(answer: Answer) -> list[Message]:
    """The conversation of this side up to the prompt to answer.

    A turn that was stopped before this side's first word is left out: servers refuse an empty message.
    """
    messages: list[Message] = []
    if answer.turn.number > 1:
        same_side = Answer.objects.filter(turn__duel=answer.turn.duel_id, side=answer.side).exclude(text="")
        earlier = same_side.filter(turn__number__lt=answer.turn.number).order_by("turn__number")
        for past in earlier.select_related("turn"):
            messages += [Message("user", past.turn.prompt), Message("assistant", past.text)]
    return [*messages, Message("user", answer.turn.prompt)]


def touch_heartbeat(answer_ids: Sequence[int]) -> None:
    """Store that this worker is streaming these answers."""
    Answer.objects.filter(pk__in=answer_ids, state=Answer.State.STREAMING).update(heartbeat_at=Now())
