"""How a worker generates an answer: request to an endpoint, relay of what arrives, storage of the whole."""

import asyncio
import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing, closing, nullcontext
from functools import partial as partial_function
from typing import Any

from django.db import transaction
from django.utils import timezone

from backends.base import (
    AnswerStream,
    BackendError,
    FailureReason,
    FinishReason,
    Message,
    Restart,
    Usage,
)
from backends.metering import Reading
from duels.answers import consumption
from duels.answers.answer_hosting import hosting_fields, served_shape
from duels.answers.token_counts import Limits, token_fields
from duels.candidates import candidate_pool, to_candidate
from duels.events import final_event
from duels.lifecycle import stream_key
from duels.markdown.version import RENDERER_VERSION
from duels.matchmaking import Candidate, Mode, find_substitute
from duels.models import Answer, Duel
from duels.rate_limits import asking_parties
from duels.relay.pacer import PacedTurn
from duels.worker.answer_output import AnswerOutput
from duels.worker.claims import ClaimedAnswer
from duels.worker.db_retry import retry_on_db_outage
from duels.worker.failures import record_failure
from duels.worker.fair_queue import SentQuestion
from duels.worker.partial_answer import PartialAnswer
from duels.worker.runtime import WorkerRuntime
from models_registry.endpoint_hosting import Place
from models_registry.models import Endpoint, LanguageModel

logger = logging.getLogger(__name__)

FAILURES = {
    FailureReason.CONTEXT_FULL: Answer.Failure.CONTEXT_FULL,
    FailureReason.FILTERED: Answer.Failure.DECLINED,
    FailureReason.NO_OUTPUT: Answer.Failure.SILENT,
    FailureReason.CONNECTION_LOST: Answer.Failure.CUT,
    FailureReason.TIMEOUT: Answer.Failure.CUT,
}
CHARACTERS_PER_TOKEN = 4
LONG_SHARE = 0.5  # of a model's window, above which a conversation may be too long: tokenizers differ
DEFAULT_WINDOW_TOKENS = 8192  # of a model whose window is not known
TRUNCATIONS: dict[FinishReason | None, str] = {
    FinishReason.LENGTH: Answer.Truncation.LENGTH,
    FinishReason.TOO_LONG: Answer.Truncation.TOO_LONG,
    FinishReason.FILTERED: Answer.Truncation.FILTERED,
    FinishReason.UNKNOWN: Answer.Truncation.UNKNOWN,
}


async def generate_turn(
    claimed: Sequence[ClaimedAnswer], worker: WorkerRuntime, claimed_after: float
) -> list[Answer]:
    """Generate both sides at once; the answers that this worker has stored."""
    paced_turn = PacedTurn(len(claimed))
    sides = (generate(one, worker, claimed_after, paced_turn) for one in claimed)
    # With exceptions as results: a side that breaks must not leave the other unattended.
    results = await asyncio.gather(*sides, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [one.answer for one, is_stored in zip(claimed, results, strict=True) if is_stored]


async def generate(
    claimed: ClaimedAnswer, worker: WorkerRuntime, claimed_after: float, paced_turn: PacedTurn
) -> bool:
    """Generate one claimed answer: try its endpoints in turn, relay what arrives, store the whole.

    claimed_after: a moment before the claim (time.monotonic()); a stop received since then counts.
    False when the answer was taken from this worker meanwhile.
    """
    answer, partial = claimed.answer, PartialAnswer()
    publisher = worker.publisher.open(stream_key(answer.turn), answer.side)
    output = AnswerOutput(publisher, worker.pacer, paced_turn, worker.render_queue)
    try:
        await _try_endpoints(claimed, partial, output, worker, claimed_after)
        output.close()
        partial.shown_text, partial.pace = output.shown, output.pace.points
        partial.html = output.render() if partial.shown_text else ""
        is_stored = await worker.in_thread(store, answer, partial, claimed.messages)
    except BaseException:
        publisher.abandon()
        raise
    finally:
        output.close()
    if not is_stored:
        publisher.abandon()
        return False
    output.publish_last()
    if answer.truncation:
        publisher.cut(answer.truncation)
    await publisher.end(*final_event(answer))
    logger.info("answer %s is %s after %.1f s", answer.pk, answer.state, time.monotonic() - partial.started)
    return True


async def _try_endpoints(
    claimed: ClaimedAnswer,
    partial: PartialAnswer,
    output: AnswerOutput,
    worker: WorkerRuntime,
    claimed_after: float,
) -> None:
    """Stream from the first endpoint that answers; the result is in `partial`."""
    answer, endpoints = claimed.answer, available_endpoints(claimed)
    is_at_hand = bool(claimed.endpoints) and claimed.endpoints[0].is_unrestricted
    endpoint = next(endpoints) if is_at_hand else await worker.in_thread(next, endpoints, None)
    while endpoint:
        partial.endpoint, partial.failure = endpoint, ""
        partial.reading = await _prepare_reading(endpoint, worker)
        output.publisher.endpoint(endpoint.pk)
        stream = endpoint.backend(worker.http).stream(claimed.messages)
        error = None
        async with worker.cancellations.track(answer.pk, output.publisher.key, claimed_after) as running:
            running.stopped |= _stop_is_stored(answer)
            if not running.stopped:
                error = await _ask_in_turn(endpoint, stream, partial, output, worker)
        partial.stopped = running.stopped
        if error is not None:
            partial.failure = _failure(error, endpoint, claimed.messages)
            await _record_failure(endpoint, error, worker, answer)
        elif not partial.stopped:
            partial.truncation = TRUNCATIONS.get(stream.finish_reason, "")
            await _record_success(endpoint, partial, worker)
        elif endpoint.paused_until:
            await worker.in_thread(retry_on_db_outage(endpoint.release_probe))
        if not (partial.failure or partial.stopped or partial.has_text):
            partial.failure = Answer.Failure.SILENT  # a model that only reasoned has not answered
        if partial.has_output or partial.stopped or not partial.failure:
            return
        endpoint = await worker.in_thread(next, endpoints, None)


async def _prepare_reading(endpoint: Endpoint, worker: WorkerRuntime) -> Reading | None:
    """A reading of this computer for an endpoint on it; in a thread, since its process is looked for."""
    if endpoint.hosting != Place.THIS_COMPUTER:
        return None
    on_card = endpoint.processor == Endpoint.Processor.GPU
    return await worker.in_thread(partial_function(worker.meter.prepare, endpoint.base_url, on_card=on_card))


def _failure(error: BackendError, endpoint: Endpoint, messages: Sequence[Message]) -> str:
    """The failure to show. A refusal in unknown words of a long conversation is for its length."""
    if error.reason is FailureReason.BAD_REQUEST and not error.blames_server:
        window = endpoint.model.context_window_tokens or DEFAULT_WINDOW_TOKENS
        characters = sum(len(message.content) for message in messages)
        is_long = characters >= LONG_SHARE * CHARACTERS_PER_TOKEN * window
        return Answer.Failure.CONTEXT_FULL if is_long else Answer.Failure.DECLINED
    return FAILURES.get(error.reason, Answer.Failure.UNAVAILABLE)


async def _ask_in_turn(
    endpoint: Endpoint,
    stream: AnswerStream,
    partial: PartialAnswer,
    output: AnswerOutput,
    worker: WorkerRuntime,
) -> BackendError | None:
    """Send the question when it is its turn at the endpoint, and relay; the error, if any.

    One that has waited for as long as for a first word goes to another endpoint: no fault of this one.
    """
    parties = partial_function(worker.in_thread, asking_parties, output.publisher.key)
    try:
        question = await worker.queue(endpoint).take_turn(parties, endpoint.timeout_seconds)
    except TimeoutError:
        return BackendError(FailureReason.RATE_LIMITED, "no turn in time", blames_server=False)
    with closing(question):
        return await _relay(stream, partial, output, worker, question)


async def _relay(
    stream: AnswerStream,
    partial: PartialAnswer,
    output: AnswerOutput,
    worker: WorkerRuntime,
    question: SentQuestion,
) -> BackendError | None:
    """Publish what arrives up to the end of the stream, or to the error that is returned."""
    failure = None
    with worker.read_clock.reading(), worker.meter.running(partial.reading):
        try:
            async with aclosing(stream.batches(worker.read_clock.tick)) as batches:
                async for batch in batches:
                    for item in batch:
                        if isinstance(item, Usage):
                            partial.usage = item
                        elif isinstance(item, Restart):
                            partial.restart()
                            output.restart()
                        elif item.reasoning:
                            partial.add(item)
                            output.reasoning(item.text)
                        else:
                            partial.add(item)
                            output.text(item.text)
                    if partial.has_output:
                        question.begin()
                        if partial.reading:
                            worker.meter.mark_first_token(partial.reading)
        except BackendError as error:
            failure = error
    await output.drain()
    return failure


def _stop_is_stored(answer: Answer) -> bool:
    """Whether the turn was stopped before the claim: this worker may have missed the message."""
    stopped_at = answer.turn.stopped_at
    return stopped_at is not None and stopped_at >= answer.queued_at


def available_endpoints(claimed: ClaimedAnswer) -> Iterator[Endpoint]:
    """The endpoints of the model; after them, in a first turn, those of one model that may replace it.

    A substitute takes the model's place in the duel: the visitor knows neither of them yet.
    """
    for endpoint in claimed.endpoints:
        if endpoint.is_available and endpoint.acquire_probe():
            yield endpoint
    if claimed.answer.turn.number == 1 and (other := _replace_model(claimed.answer)):
        yield from Endpoint.objects.filter(model=other.model_id).select_related("model").acquire_each()


@transaction.atomic
def _replace_model(answer: Answer) -> Candidate | None:
    """Give this side to another model of the same class; None when there is none.

    One side at a time: both may fail at once, and must not end with the same model.
    """
    Duel.objects.select_for_update(no_key=True).get(pk=answer.turn.duel_id)
    opposite = Answer.objects.select_related("model").exclude(pk=answer.pk).get(turn=answer.turn_id)
    candidates = candidate_pool().candidates
    mode = Mode(answer.turn.duel.mode)
    other = find_substitute(candidates, mode, to_candidate(answer.model), to_candidate(opposite.model))
    if other:
        Answer.objects.filter(pk=answer.pk).update(model_id=other.model_id)
    return other


async def _record_failure(
    endpoint: Endpoint, error: BackendError, worker: WorkerRuntime, answer: Answer
) -> None:
    """Count a failure of the endpoint; where it only refused this conversation, keep that.

    Only the code of the error is stored: the words of a server may quote the visitor's question.
    """
    logger.warning("endpoint %s failed: %s", endpoint.pk, error.reason)
    code = f"{error.reason}: HTTP {error.status}" if error.status else str(error.reason)
    if error.blames_server:
        record, turn = retry_on_db_outage(record_failure), answer.turn
        asked_seconds = error.retry_after_seconds
        await worker.in_thread(record, endpoint, code, asked_seconds, turn.duel.visitor, turn.prompt)
    elif error.reason is FailureReason.BAD_REQUEST:
        await worker.in_thread(retry_on_db_outage(endpoint.record_refusal), code)


async def _record_success(endpoint: Endpoint, partial: PartialAnswer, worker: WorkerRuntime) -> None:
    """Store a success of the endpoint, unless there is a recent one: stored before the claim, or by this
    process since. Answers that begin at once would each store theirs.
    """
    if partial.ttft_ms is None or endpoint.succeeded_recently:
        return
    now, recorded_at = time.monotonic(), worker.successes.get(endpoint.pk, -math.inf)
    if endpoint.has_failures or now - recorded_at >= Endpoint.SUCCESS_WRITE_INTERVAL.total_seconds():
        worker.successes[endpoint.pk] = now
        await worker.in_thread(retry_on_db_outage(endpoint.record_success), partial.ttft_ms)


def store(answer: Answer, partial: PartialAnswer, messages: Sequence[Message]) -> bool:
    """Store the whole answer; False when it was taken from this worker meanwhile."""
    values = stored_values(answer, partial, messages)
    if is_stored := update_once(answer, values, partial.endpoint):
        for name, value in values.items():
            setattr(answer, name, value)
        if partial.endpoint and partial.usage and answer.count_source == Answer.CountSource.REPLACED:
            counted = answer.tokens_out + answer.reasoning_tokens
            reported = partial.usage.tokens_out or partial.usage.rejected or 0
            partial.endpoint.record_miscount(reported, counted)
    return is_stored


def stored_values(answer: Answer, partial: PartialAnswer, messages: Sequence[Message]) -> dict[str, Any]:
    """All that is stored of an answer, by field.

    Of an answer that was stopped, what was not shown yet is counted, since it was written, but not stored.
    """
    model = partial.endpoint.model if partial.endpoint else answer.model
    text, reasoning = "".join(partial.text), "".join(partial.reasoning)
    return {
        "state": Answer.State.FAILED if partial.failure else Answer.State.DONE,
        "failure": partial.failure,
        "truncation": partial.truncation,
        "stopped": partial.stopped,
        "model_id": model.pk,
        "endpoint_id": partial.endpoint and partial.endpoint.pk,
        "text": partial.shown_text,
        "html": partial.html,
        "html_version": RENDERER_VERSION,
        "reasoning": reasoning,
        "pace": partial.pace,
        "ttft_ms": partial.ttft_ms,
        "finished_at": timezone.now(),
        **token_fields(partial.usage, text, reasoning, _count_limits(model, partial.endpoint, messages)),
        **consumption.energy_fields(served_shape(model, partial.endpoint)),
        **hosting_fields(partial.endpoint, partial.reading, partial.writing_seconds),
    }


def _count_limits(model: LanguageModel, endpoint: Endpoint | None, messages: Sequence[Message]) -> Limits:
    options = endpoint.request_options() if endpoint else {}
    limits = [options.get(name) for name in ("max_completion_tokens", "max_tokens")]
    max_tokens = next((limit for limit in limits if isinstance(limit, int)), None)
    return Limits(messages, max_tokens, may_hide=model.reasoning, family=model.tokenizer_family)


@retry_on_db_outage
def update_once(answer: Answer, values: dict[str, Any], endpoint: Endpoint | None) -> bool:
    """One UPDATE, with the spending where the endpoint has a price."""
    priced = endpoint if endpoint and endpoint.has_price else None
    with transaction.atomic() if priced else nullcontext():
        own = Answer.objects.filter(pk=answer.pk, state=Answer.State.STREAMING, claim=answer.claim)
        updated = own.update(**values)
        # An earlier try may have committed, though its reply was lost.
        committed = Answer.objects.filter(pk=answer.pk, finished_at=values["finished_at"])
        is_retry = not updated and committed.exists()
        if priced and not is_retry and (values["text"] or values["reasoning"]):
            # An answer is paid for, even when it was cut.
            tokens_out = values["tokens_out"] + values["reasoning_tokens"]
            priced.record_spending(values["tokens_in"] or 0, tokens_out)
    return bool(updated) or is_retry
