"""The events of one turn: a stream of Server-Sent Events, or plain JSON where no stream gets through."""

import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import cache, partial
from http import HTTPStatus

import redis
from django.db import close_old_connections
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET

from duels import lifecycle, queries, tasks, valkey
from duels.answers.answer_html import answer_html
from duels.events import final_event
from duels.models import Answer
from duels.pages.open_streams import CountedResponse, open_streams, stream_limits
from duels.pages.visitor import requester
from duels.relay.redis_stream import END, Event, as_html, html_data
from duels.relay.snapshot import read_available
from duels.relay.sse_encoder import encode, retry_after
from duels.relay.subscription import follow
from duels.visitors import visitor_of
from duels.worker import reaper
from web.http import Request

RECONNECT_MILLISECONDS = 1000
RETRY_AFTER_SECONDS = 5
# A page that receives nothing for longer takes the stream for blocked (js/stream.js).
FIRST_HEARTBEAT_SECONDS = 1
HEARTBEAT_SECONDS = 5
IDLE_SECONDS = 15  # of silence, after which the page reconnects and reads what the database holds
HEARTBEAT = Event("heartbeat")
SidesLoader = Callable[[], list[Answer]]  # both answers of a turn with their duel; none: not found
# An id of a live turn; ids of a stored one begin with 0.
EVENT_ID = re.compile(r"[1-9][0-9]{0,18}-[0-9]{1,19}(\.[0-9]{1,9})?")


@require_GET  # the headers of a stream say nothing: HEAD is refused
def stream(request: Request, code: str, number: int) -> HttpResponseBase:
    """The events of a turn, from its start or from the last event that the browser has received.

    Refused where the visitor or the address has too many open: the page then reads plain requests.
    """
    pieces = _pieces(request, partial(queries.load_sides, visitor_of(request), code, number))
    return event_stream(pieces, stream_limits(requester(request)))


def stream_of(request: Request, load_sides: SidesLoader, limits: Mapping[str, int]) -> HttpResponseBase:
    """The stream of the turn whose answers are loaded."""
    return event_stream(_pieces(request, load_sides), limits)


def _pieces(request: Request, load_sides: SidesLoader) -> AsyncIterator[bytes]:
    key, stored = _key_and_stored_events(load_sides)
    last_id = _live_id(request.headers.get("Last-Event-ID", ""))
    events = _one_batch(stored) if stored else _follow_with_heartbeats(key, last_id)
    return _encode(events, _labels(get_language()))


def event_stream(pieces: AsyncIterator[bytes], limits: Mapping[str, int]) -> HttpResponseBase:
    """The stream, counted until it closes; refused where one of these subjects has too many open."""
    counted = open_streams.enter(limits)
    if counted is None:
        wait = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
    return unbuffered(CountedResponse(pieces, content_type="text/event-stream", counted=counted))


def unbuffered(response: StreamingHttpResponse) -> StreamingHttpResponse:
    """A response of Server-Sent Events that nothing on its way should hold back."""
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that buffers would delay every chunk
    response["Content-Encoding"] = "identity"  # compressing would too
    return response


@require_GET
def events(request: Request, code: str, number: int) -> StreamingHttpResponse:
    """The events of a turn so far, after the event `?after=`: a JSON array of [name, data, id]."""
    return events_of(request, partial(queries.load_sides, visitor_of(request), code, number))


def events_of(request: Request, load_sides: SidesLoader) -> StreamingHttpResponse:
    """The events so far of the turn whose answers are loaded."""
    key, stored = _key_and_stored_events(load_sides)
    last_id = _live_id(request.GET.get("after", ""))
    response = StreamingHttpResponse(
        _as_json(key, last_id, stored, _labels(get_language())), content_type="application/json"
    )
    response["Cache-Control"] = "no-store"
    return response


def _live_id(last_id: str) -> str:
    """The id of an event of a live turn; « 0 », the beginning, for anything else."""
    return last_id if EVENT_ID.fullmatch(last_id) else "0"


def _key_and_stored_events(load_sides: SidesLoader) -> tuple[str, list[Event]]:
    """The key of the Redis Stream, and the events of a turn that has ended, from the database.

    The connection to the database is given back before the response streams. What a turn that has ended
    costs: both whole texts, rows and events, stay in
    memory until they are sent (backends.openai.stream.MAX_CHARACTERS each).
    """
    try:
        answers = load_sides()
        if not answers:
            raise Http404
        if reaper.look_left(answers):
            tasks.reap()
            answers = load_sides()
        is_over = all(answer.is_finished for answer in answers)
        return lifecycle.stream_key(answers[0].turn), list(_stored_events(answers)) if is_over else []
    finally:
        close_old_connections()


def _stored_events(answers: list[Answer]) -> Iterator[Event]:
    """A whole turn as events: its Redis Stream may have expired."""
    for order, answer in enumerate(answers, start=1):
        events = [("start", "")]
        if answer.text:
            events += [("chunk", as_html(answer.text)), ("html", html_data(answer_html(answer), None))]
        events += [("cut", answer.truncation)] if answer.truncation else []
        for name, data in [*events, final_event(answer)]:
            yield Event(f"{answer.side}-{name}", data, f"0-{order}")
    yield Event("end", id=f"0-{order}")


async def _follow_with_heartbeats(key: str, last_id: str) -> AsyncIterator[list[Event]]:
    """The events of a live turn, with heartbeats: a slow model is no proxy that withholds the stream."""
    silence, interval = 0, FIRST_HEARTBEAT_SECONDS
    while silence < IDLE_SECONDS:
        async for events in follow(valkey.multiplexer(), key, last_id, interval):
            yield events
            if events[-1].name == END:
                return
            silence, last_id = 0, events[-1].id
        yield [HEARTBEAT]
        silence, interval = silence + interval, HEARTBEAT_SECONDS


async def _as_json(
    key: str, last_id: str, stored: list[Event], labels: dict[str, str]
) -> AsyncIterator[bytes]:
    """One piece. Without Valkey there is nothing new, and the page comes back."""
    try:
        events = stored or await read_available(valkey.multiplexer().client, key, last_id)
    except redis.RedisError:
        events = []
    labelled = [_with_label(event, labels) for event in events]
    yield json.dumps(
        [(event.name, event.data.replace("\r", "&#13;"), event.id) for event in labelled], ensure_ascii=False
    ).encode()


async def _one_batch(events: list[Event]) -> AsyncIterator[list[Event]]:
    yield events


@cache
def _labels(language: str) -> dict[str, str]:
    """Labels of failures and truncations; read now, as the response streams outside the request's thread."""
    with override(language):
        return {reason.value: str(reason.label) for reason in (*Answer.Failure, *Answer.Truncation)}


async def _encode(batches: AsyncIterator[list[Event]], labels: dict[str, str]) -> AsyncIterator[bytes]:
    """Each batch as one piece of bytes. Without Valkey the stream ends, and the browser reconnects."""
    yield retry_after(RECONNECT_MILLISECONDS)
    try:
        async for events in batches:
            yield b"".join([encode(_with_label(event, labels)) for event in events])
    except redis.RedisError:
        return


def _with_label(event: Event, labels: dict[str, str]) -> Event:
    """A failure or a truncation in the reader's language; of a reasoning, the seconds since it began."""
    if event.name.endswith("-reasoning"):
        return event._replace(data=str(_age_seconds(event.id)))
    if event.name.endswith(("-failed", "-cut")):
        return event._replace(data=as_html(labels[event.data]))
    return event


def _age_seconds(event_id: str) -> int:
    """Seconds since an event of a live turn was sent: its id begins with that moment, in milliseconds."""
    return max(0, round(time.time() - int(event_id.partition("-")[0]) / 1000))
