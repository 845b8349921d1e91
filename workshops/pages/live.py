"""The present state of a view: as a stream, and as a plain request where no stream gets through."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from duels.models import Answer
from duels.pages.turn_events import event_stream, events_of, stream_of
from duels.pages.visitor import requester
from duels.relay.redis_stream import Event
from duels.relay.sse_encoder import encode, retry_after
from web.http import Request
from workshops import rounds
from workshops.feed import feed_of, make_fragment
from workshops.identity import get_led_workshop, get_workshop
from workshops.models import Round
from workshops.pages.rendering import VIEWS, render_view
from workshops.room_state import load_snapshot

RECONNECT_MILLISECONDS = 1_500


def check_view(request: Request, code: str, view: str) -> None:
    """Raises Http404 for a view that this reader may not see."""
    if view not in VIEWS:
        raise Http404
    if view == "console":
        get_led_workshop(request, code)
    else:
        get_workshop(request, code)


@require_GET
def stream(request: Request, code: str, view: str) -> HttpResponseBase:
    """A `state` event with the HTML of the view, now and after each change; `gone` once it is deleted."""
    check_view(request, code, view)
    events = _events(code, view, get_language() or "fr", request.GET.get("tag", ""))
    return event_stream(events, _limits(request))


def _limits(request: Request) -> dict[str, int]:
    """Apart from the streams of duels: a whole school comes from one address."""
    return {f"workshops:{requester(request).address}": settings.LIMIT_STREAMS_WORKSHOPS}


async def _events(code: str, view: str, language: str, tag: str) -> AsyncIterator[bytes]:
    yield retry_after(RECONNECT_MILLISECONDS) + encode(Event("heartbeat"))  # a proxy that holds back shows
    async for fragment in feed_of(code, render_view).follow(view, language, tag):
        yield encode(Event("state", f"{fragment.tag}\n{fragment.html}") if fragment else Event("heartbeat"))
    yield encode(Event("gone"))


@require_GET
def state(request: Request, code: str, view: str) -> HttpResponse:
    """The HTML of the view; 204 where it has the tag that the page shows already."""
    check_view(request, code, view)
    return render_state(code, view, request.GET.get("tag", ""))


def render_state(code: str, view: str, tag: str = "", notice: str = "") -> HttpResponse:
    snapshot = load_snapshot(code)
    if snapshot is None:
        raise Http404
    fragment = make_fragment(render_view(snapshot, view))
    if fragment.tag == tag and not notice:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response = HttpResponse(fragment.html)
    response["X-Tag"] = fragment.tag
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def answer_stream(request: Request, code: str, number: int) -> HttpResponseBase:
    """The events of both answers of a round."""
    get_workshop(request, code)
    return stream_of(request, lambda: _sides(code, number), _limits(request))


@require_GET
def answer_events(request: Request, code: str, number: int) -> StreamingHttpResponse:
    get_workshop(request, code)
    return events_of(request, lambda: _sides(code, number))


def _sides(code: str, number: int) -> list[Answer]:
    played = Round.objects.filter(workshop__code=code, number=min(number, 9_999)).first()
    return rounds.answers_of(played) if played and played.duel_id else []
