"""How a worker writes an answer: claims it, asks the model's endpoints, relays what comes, stores it."""

import logging
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from backends.base import AnswerStream, BackendError, Chunk, FailureReason, FinishReason, Message, Usage
from duels import consumption
from duels.candidates import candidate_pool, to_candidate
from duels.events import final_event
from duels.lifecycle import stream_key
from duels.matchmaking import Candidate, Mode, find_substitute
from duels.models import Answer, Turn
from duels.queries import set_prefetched
from duels.relay.cancellation import CancellationListener
from duels.relay.poller import Poller
from duels.relay.publisher import AnswerPublisher, StreamPublisher
from duels.worker.db_retry import patiently
from duels.writing import update
from models_registry.models import Endpoint
from science import tokens
from web.compiled_query import compiled_query

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=settings.STALE_AFTER_SECONDS)  # without a sign of life from the worker
REQUEUE_AFTER = STALE_AFTER / 3  # the broker may have lost it; queued again, it is given STALE_AFTER

# Turns begun at once by one process: when there is more to do than the machine can, who has not begun waits,
# and what is being written is not held up.
beginnings = BoundedSemaphore(2)

FAILURES = {
    FailureReason.CONTEXT_FULL: Answer.Failure.CONTEXT_FULL,
    FailureReason.FILTERED: Answer.Failure.DECLINED,
    FailureReason.NO_OUTPUT: Answer.Failure.SILENT,
    FailureReason.CONNECTION_LOST: Answer.Failure.CUT,
    FailureReason.TIMEOUT: Answer.Failure.CUT,
}
CUTS: dict[FinishReason | None, str] = {
    FinishReason.LENGTH: Answer.Truncation.LENGTH,
    FinishReason.TOO_LONG: Answer.Truncation.TOO_LONG,
    FinishReason.FILTERED: Answer.Truncation.FILTERED,
}


def claim_turn(turn_id: int) -> list[Answer]:
    """Takes the waiting answers of a turn for this worker, with the endpoints of their models; none twice.

    Here as wherever ages are compared, the hour is the database's: each machine has its own.
    """
    keys = patiently(partial(_take, turn_id))
    return patiently(partial(_read, turn_id, keys)) if keys else []


def _take(turn_id: int) -> list[int]:
    """One statement, so that no two workers take the same."""
    waiting = {"turn_id": turn_id, "state": Answer.State.WAITING}
    with beginnings:
        return update(Answer, waiting, {"state": Answer.State.STREAMING}, now=("started_at", "heartbeat_at"))


def _read(turn_id: int, keys: Collection[int]) -> list[Answer]:
    with beginnings:
        answers = [answer for answer in _answers_of(turn_id) if answer.pk in keys]
        endpoints = _endpoints_of(turn_id)
    for answer in answers:
        own = [endpoint for endpoint in endpoints if endpoint.model_id == answer.model_id]
        set_prefetched(answer.model, "endpoints", own)
        for endpoint in own:
            endpoint.model = answer.model
    return answers


@compiled_query
def _answers_of(turn_id: int) -> QuerySet[Answer]:
    return Answer.objects.filter(turn=turn_id).select_related("turn__duel", "model")


@compiled_query
def _endpoints_of(turn_id: int) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(model__in=Answer.objects.filter(turn=turn_id).values("model"))


@dataclass(slots=True)
class PartialAnswer:
    """An answer while it is written."""

    started: float = field(default_factory=time.monotonic)
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    ttft_ms: int | None = None
    endpoint: Endpoint | None = None
    failure: str = ""
    truncation: str = ""
    stopped: bool = False

    def add(self, chunk: Chunk) -> None:
        if self.ttft_ms is None:
            self.ttft_ms = round((time.monotonic() - self.started) * 1000)
        (self.reasoning if chunk.reasoning else self.text).append(chunk.text)

    def conclude(self, stopped: bool) -> None:
        """What became of a try; a model that only thought has not answered."""
        self.stopped = stopped
        if not (self.failure or stopped or self.has_text):
            self.failure = Answer.Failure.SILENT

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.reasoning)

    @property
    def has_text(self) -> bool:
        return any(text.strip() for text in self.text)


def stream_answer(
    answer: Answer, poller: Poller, outbox: StreamPublisher, watch: CancellationListener, since: float
) -> bool:
    """Writes one claimed answer: asks its endpoints in turn, relays what comes, stores the whole.

    since: a moment of the watch before the claim; who asks for a stop from then on is heard.
    False when it was taken from this worker meanwhile, so that what it wrote is not the answer.
    """
    channel = outbox.open(stream_key(answer.turn), answer.side)
    draft = PartialAnswer(failure=Answer.Failure.UNAVAILABLE)
    conversation = history(answer)
    for endpoint in endpoints_for(answer):
        draft.endpoint, draft.failure = endpoint, ""
        stream = endpoint.backend().stream(conversation)
        close_old_connections()  # hundreds stream for minutes: none may hold a connection meanwhile
        with stream, watch.over(answer.pk, channel.key, stream.close, since) as watched:
            watched.stopped |= _stop_is_stored(answer)
            if not watched.stopped:
                _ask(endpoint, stream, draft, channel, poller)
        draft.conclude(watched.stopped)
        if draft.has_words or draft.stopped or not draft.failure:
            break
    if not patiently(partial(_store, answer, _written(answer, draft), draft.endpoint)):
        channel.abandon()
        return False
    if answer.truncation:
        channel.cut(answer.truncation)
    channel.end(*final_event(answer))
    logger.info("answer %s is %s after %.1f s", answer.pk, answer.state, time.monotonic() - draft.started)
    return True


def _stop_is_stored(answer: Answer) -> bool:
    """A stop that came before the claim, as its message did, which this worker may not have heard."""
    stopped_at = answer.turn.stopped_at
    return stopped_at is not None and stopped_at >= answer.queued_at


def endpoints_for(answer: Answer) -> Iterator[Endpoint]:
    """The endpoints of the model; after them, in a first turn, those of one model that may stand in for it.

    A model that answers for another takes its place in the duel: the visitor knows neither of them yet.
    """
    for endpoint in answer.model.endpoints.all():
        if endpoint.is_available and endpoint.acquire_probe():
            yield endpoint
    if answer.turn.number == 1 and (other := _substitute(answer)):
        yield from Endpoint.objects.filter(model=other.model_id).select_related("model").acquire_each()


@transaction.atomic
def _substitute(answer: Answer) -> Candidate | None:
    """Gives this side to another model of the same class; None when nobody may stand in.

    One side at a time: both may be silent at once, and must not end with the same model.
    """
    Turn.objects.select_for_update().get(pk=answer.turn_id)
    opposite = Answer.objects.select_related("model").exclude(pk=answer.pk).get(turn=answer.turn_id)
    candidates = candidate_pool().candidates
    mode = Mode(answer.turn.duel.mode)
    other = find_substitute(candidates, mode, to_candidate(answer.model), to_candidate(opposite.model))
    if other:
        Answer.objects.filter(pk=answer.pk).update(model_id=other.model_id)
    return other


def _ask(
    endpoint: Endpoint, stream: AnswerStream, draft: PartialAnswer, channel: AnswerPublisher, poller: Poller
) -> None:
    """One try at one endpoint; whatever comes of it is in the draft and in the endpoint's health."""
    try:
        poller.follow(stream.arriving(), partial(_relay, draft, channel))
        draft.truncation = CUTS.get(stream.end, "")
    except BackendError as error:
        draft.failure = FAILURES.get(error.reason, Answer.Failure.UNAVAILABLE)
        _note_failure(endpoint, error)
    else:
        _note_success(endpoint, draft)


def _relay(draft: PartialAnswer, channel: AnswerPublisher, item: Chunk | Usage) -> None:
    if isinstance(item, Usage):
        draft.usage = item
    else:
        draft.add(item)
        channel.chunk(item.text, reasoning=item.reasoning)


def history(answer: Answer) -> list[Message]:
    """The conversation as this side knows it, up to the prompt to answer.

    A turn it was stopped in before its first word is left out: servers refuse an empty message.
    """
    messages: list[Message] = []
    if answer.turn.number > 1:
        for past in _earlier(answer).select_related("turn"):
            messages += [Message("user", past.turn.prompt), Message("assistant", past.text)]
    return [*messages, Message("user", answer.turn.prompt)]


def _earlier(answer: Answer) -> QuerySet[Answer]:
    """What this side has written in the turns before."""
    same_side = Answer.objects.filter(turn__duel=answer.turn.duel_id, side=answer.side).exclude(text="")
    return same_side.filter(turn__number__lt=answer.turn.number).order_by("turn__number")


def _note_failure(endpoint: Endpoint, error: BackendError) -> None:
    """The endpoint's health; a conversation that is too long or declined is not its fault."""
    logger.warning("endpoint %s failed: %s", endpoint.pk, error.reason)
    if error.reason not in (FailureReason.CONTEXT_FULL, FailureReason.FILTERED):
        told = f"{error.reason}: {error.detail}"
        patiently(partial(endpoint.record_failure, told, error.retry_after_seconds))


def _note_success(endpoint: Endpoint, draft: PartialAnswer) -> None:
    if draft.ttft_ms is not None and not endpoint.succeeded_recently:
        patiently(partial(endpoint.record_success, draft.ttft_ms))


def _written(answer: Answer, draft: PartialAnswer) -> dict[str, Any]:
    """All that is stored of the answer."""
    model = draft.endpoint.model if draft.endpoint else answer.model
    text, reasoning = "".join(draft.text), "".join(draft.reasoning)
    return {
        "state": Answer.State.FAILED if draft.failure else Answer.State.DONE,
        "failure": draft.failure,
        "truncation": draft.truncation,
        "stopped": draft.stopped,
        "model_id": model.pk,
        "endpoint_id": draft.endpoint and draft.endpoint.pk,
        "text": text,
        "reasoning": reasoning,
        "ttft_ms": draft.ttft_ms,
        "finished_at": timezone.now(),
        **consumption.token_fields(draft.usage, text, reasoning),
        **consumption.energy_fields(model.shape()),
    }


def _store(answer: Answer, written: dict[str, Any], endpoint: Endpoint | None) -> bool:
    """One UPDATE with all of the answer; False when it was taken from this worker meanwhile."""
    paid = endpoint if endpoint and endpoint.has_price else None
    with transaction.atomic() if paid else nullcontext():
        mine = update(Answer, {"id": answer.pk, "state": Answer.State.STREAMING}, written)
        # By an earlier try, whose success was not heard of.
        stored_before = (
            not mine and Answer.objects.filter(pk=answer.pk, finished_at=written["finished_at"]).exists()
        )
        if paid and not stored_before and (written["text"] or written["reasoning"]):
            _note_spending(answer, paid, written)
    kept = bool(mine) or stored_before
    if kept:
        for name, value in written.items():
            setattr(answer, name, value)
    return kept


def _note_spending(answer: Answer, endpoint: Endpoint, written: dict[str, Any]) -> None:
    """What was written is paid for, also where it was cut; what was read is counted where unreported."""
    read = written["tokens_in"]
    if read is None:
        read = tokens.count("\n".join(message.content for message in history(answer)))
    endpoint.record_spending(read, written["tokens_out"] + written["reasoning_tokens"])


def touch_heartbeat(answer_ids: Iterable[int]) -> None:
    """Notes that this worker is streaming these answers."""
    Answer.objects.filter(pk__in=list(answer_ids), state=Answer.State.STREAMING).update(heartbeat_at=Now())


def fail_stale() -> list[Answer]:
    """Fails the answers that a worker has left, or that none has taken though queued again; returns them."""
    return [answer for answer in _stale().select_related("turn__duel") if _fail(answer)]


def _stale() -> QuerySet[Answer]:
    """Read again in the UPDATE: a sign of life may have come meanwhile."""
    unfinished = (Answer.State.STREAMING, Answer.State.WAITING)
    return Answer.objects.filter(state__in=unfinished, heartbeat_at__lt=Now() - STALE_AFTER)


def _fail(answer: Answer) -> bool:
    """True when the answer was still in the state it was seen in."""
    failure = Answer.Failure.CUT if answer.state == Answer.State.STREAMING else Answer.Failure.UNAVAILABLE
    still = _stale().filter(pk=answer.pk, state=answer.state)
    failed = still.update(state=Answer.State.FAILED, failure=failure, finished_at=Now())
    if failed:
        logger.warning("answer %s, left %s, is given up", answer.pk, answer.state)
    return bool(failed)


def requeue_lost() -> set[int]:
    """The turns that wait for so long that the broker may have lost them; each is told once.

    Twice in the queue does no harm: who loses the claim stops.
    """
    turn_ids = set(_forgotten().values_list("turn_id", flat=True))
    return {turn_id for turn_id in turn_ids if _forgotten().filter(turn=turn_id).update(heartbeat_at=Now())}


def _forgotten() -> QuerySet[Answer]:
    """Read again in the UPDATE, both sides in one: who does the same at the same moment finds none left."""
    queued_before = Now() - REQUEUE_AFTER
    return Answer.objects.filter(state=Answer.State.WAITING, heartbeat_at=None, queued_at__lt=queued_before)
