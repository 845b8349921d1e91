"""The pages of the game. Each asks for permission, reads a form, calls one verb, renders once."""

import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from http import HTTPStatus
from random import SystemRandom
from typing import Any

import redis
from django.db import close_old_connections
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from duels import lifecycle, queries, rate_limits, tasks, valkey, voting
from duels.candidates import candidate_pool
from duels.events import final_event, publish_final_event, publish_restart
from duels.matchmaking import Candidate, NotEnoughModels
from duels.models import Answer, Duel, Share
from duels.pages import presenters
from duels.pages.forms import AskForm, OpenForm, ReactionForm, VoteForm
from duels.pages.suggestions import suggestion_page
from duels.rate_limits import RateLimited, Requester
from duels.relay.cancellation import request_stop
from duels.relay.redis_stream import Event, as_html
from duels.relay.sse import encode, retry_after
from duels.relay.subscription import follow
from duels.reveal import parse_options
from duels.sharing import links
from duels.visitors import get_or_create_token, hash_token, set_cookie, visitor_of
from web.client_address import client_address_hash
from web.http import Request, SeeOther
from web.page_cache import cached_fragment, cached_page

RECONNECT_MILLISECONDS = 1000
TOO_FEW_MODELS = _(
    "Il faut deux modèles qui répondent pour un duel, et il n’y en a pas deux en ce moment. "
    "Revenez dans quelques minutes."
)
SILENT_MODEL = _("Ce modèle ne peut pas répondre en ce moment : choisissez-en un autre.")
EVENT_ID = re.compile(r"[1-9][0-9]{0,18}-[0-9]{1,19}(\.[0-9]{1,9})?")
HOME, DUEL, TURN = "duels/home.html", "duels/duel.html", "duels/_turn.html"
rng = SystemRandom()


@require_safe
@vary_on_headers("HX-Request")  # one address, two bodies: the browser keeps them apart
def home(request: Request) -> HttpResponse:
    """The form as an address may fill it (?prompt=…&mode=…&model=slug); for a script, the ideas alone."""
    asked = request.GET
    if request.htmx:
        return render(request, "duels/_suggestions.html", {"ideas": suggestion_page(asked)})
    players = candidate_pool()
    if not asked:
        slots = {"csrf_token": get_token(request)}
        return cached_page(
            request, HOME, (players.key,), lambda: _home_context(request, OpenForm(players)), slots
        )
    initial = {
        "prompt": asked.get("prompt"),
        "mode": asked.get("mode", Duel.Mode.RANDOM),
        "first": asked.get("model"),
    }
    form = OpenForm(players, initial=initial)
    is_silent = asked.get("model") and asked["model"] not in form.players.candidates
    return render_home(request, form, str(SILENT_MODEL) if is_silent else "")


def render_home(
    request: Request, form: OpenForm, notice: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    return render(request, HOME, _home_context(request, form, notice), status=status)


def _home_context(request: Request, form: OpenForm, notice: str = "") -> dict[str, Any]:
    if not notice and len(form.players) < 2:
        notice = str(TOO_FEW_MODELS)
    only_tiny = form.players.is_only_tiny
    return {"form": form, "notice": notice, "only_tiny": only_tiny, "ideas": suggestion_page(request.GET)}


def open_duel(request: Request) -> HttpResponse:
    form = OpenForm(candidate_pool(), request.POST)
    if not form.is_valid():
        return render_home(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        pair = _draw_pair(form, requester(request))
    except RateLimited as refused:
        return with_retry_after(refused, render_home(request, form, refused.sentence, refused.status))
    except NotEnoughModels:
        return render_home(request, form, str(TOO_FEW_MODELS), HTTPStatus.SERVICE_UNAVAILABLE)
    sent = form.cleaned_data
    word = get_or_create_token(request)
    turn = lifecycle.open_duel(hash_token(word), sent["prompt"], sent["mode"], pair)
    tasks.enqueue(turn)
    opened = _see_other(turn.duel)
    set_cookie(opened, word)
    return opened


def _draw_pair(form: OpenForm, asker: Requester) -> tuple[Candidate, Candidate]:
    """Two models for a question that is admitted; those too costly for now leave the draw without a word."""
    pair = form.pair(rng)
    try:
        rate_limits.check_limits(asker, sum(model.model_id in form.players.costly_models for model in pair))
    except RateLimited as refused:
        if not refused.costly or form.cleaned_data["mode"] == Duel.Mode.CHOSEN:
            raise
        pair = form.pair(rng, without=form.players.costly_models)
        rate_limits.check_limits(asker)
    return pair


def requester(request: Request) -> Requester:
    return Requester(visitor_of(request), client_address_hash(request))


def with_retry_after(refused: RateLimited, page: HttpResponse) -> HttpResponse:
    """The page that keeps what was typed; programs are told when to come back, too."""
    page["Retry-After"] = str(refused.wait_seconds)
    return page


@require_safe
def duel(request: Request, code: str) -> HttpResponse:
    """The visitor's own duel; one whose texts another visitor shares is read as its result."""
    try:
        own = get_own_duel(request, code)
    except Http404:
        shared = get_object_or_404(Share, duel__code=code, with_text=True)
        return HttpResponseRedirect(links.url_for(shared))
    return render_duel(request, own)


def render_duel(
    request: Request, duel: Duel, status: HTTPStatus = HTTPStatus.OK, notice: str = "", **forms: Any
) -> HttpResponse:
    foot = presenters.next_step(duel, reading=parse_options(request.GET), **forms)
    only_tiny = candidate_pool().is_only_tiny
    shared = {"foot": foot, "notice": notice, "only_tiny": only_tiny, "is_blind": duel.is_blind}
    own = {"code": duel.code, "csrf_token": get_token(request), "title": presenters.title(duel)}
    own["turns"] = _turns(duel, own)
    if foot.is_shared and status == HTTPStatus.OK:
        return cached_page(request, DUEL, tuple(shared.values()), lambda: shared, slots=own)
    return render(request, DUEL, {"duel": duel, **shared, **own}, status=status)


def _turns(duel: Duel, own: dict[str, str]) -> SafeString:
    """The questions and answers as the page shows them."""
    return SafeString("".join([_turn(card, own | asked) for card, asked in presenters.turn_views(duel)]))


def _turn(card: presenters.TurnView, own: dict[str, str]) -> SafeString:
    """From memory while nothing of it but these words is its own."""
    if card.is_blank:
        return cached_fragment(TURN, (card,), {"turn": card}, slots=own)
    return render_to_string(TURN, {"turn": card, **own})


@require_safe
def next_step(request: Request, code: str) -> HttpResponse:
    return render_next_step(request, get_own_duel(request, code))


def render_next_step(
    request: Request, duel: Duel, status: HTTPStatus = HTTPStatus.OK, refused_vote: VoteForm | None = None
) -> HttpResponse:
    foot = presenters.next_step(duel, refused_vote)
    if request.htmx and foot.kind == "streaming":
        # The stream of this page is over, but another tab has started a side again: the page must follow it.
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    context = {"duel": duel, "code": duel.code, "foot": foot}
    return render(request, "duels/_foot.html", context, status=status)


@require_POST
def ask(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), AskForm(request.POST)
    if not form.is_valid():
        return render_duel(request, duel, HTTPStatus.UNPROCESSABLE_ENTITY, refused_ask=form)
    prompt = form.cleaned_data["prompt"]
    if not lifecycle.can_continue(duel):
        return _not_asked(request, duel, prompt)
    try:
        rate_limits.check_limits(requester(request))
        turn = lifecycle.add_turn(duel, prompt)
    except RateLimited as refused:
        form.add_error("prompt", refused.sentence)
        return with_retry_after(refused, render_duel(request, duel, refused.status, refused_ask=form))
    except lifecycle.InvalidState:
        return _not_asked(request, get_own_duel(request, code), prompt)
    tasks.enqueue(turn)
    return _see_other(duel, f"#tour-{turn.number}")


def _not_asked(request: Request, duel: Duel, prompt: str) -> HttpResponse:
    """A second click finds its turn there already; any other question is given back."""
    if duel.last_turn.prompt == prompt:
        return _see_other(duel, f"#tour-{duel.last_turn.number}")
    notice = _("Ce duel n’attend pas de question : la vôtre n’est pas partie. La voici : « %(prompt)s »")
    return render_duel(request, duel, HTTPStatus.CONFLICT, notice % {"prompt": prompt})


@require_POST
def stop(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    turn = lifecycle.stop(duel)
    if valkey.is_up():
        request_stop(valkey.client(), lifecycle.stream_key(turn))
    for answer in turn.answers.filter(started_at=None, stopped=True):
        publish_final_event(answer)
    return HttpResponse(status=HTTPStatus.NO_CONTENT) if request.htmx else _see_other(duel)


@require_POST
def retry(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    try:
        rate_limits.check_limits(requester(request))
        answer = lifecycle.retry_side(duel, request.POST.get("side", ""))
    except RateLimited as refused:
        return with_retry_after(refused, render_duel(request, duel, refused.status, refused.sentence))
    except lifecycle.InvalidState:
        return _see_other(duel)
    publish_restart(answer)
    tasks.enqueue(answer.turn)
    return _see_other(duel, f"#tour-{answer.turn.number}")


@require_POST
def vote(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), VoteForm(request.POST)
    if not duel.is_revealed:
        if not form.is_valid():
            return render_invalid_vote(request, duel, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            voting.cast_vote(duel, form.cleaned_data["choice"], form.comments())
        except lifecycle.InvalidState:
            return render_invalid_vote(request, duel, form, HTTPStatus.CONFLICT)
        duel = get_own_duel(request, code)
    return render_next_step(request, duel) if request.htmx else _see_other(duel, "#revelation")


def render_invalid_vote(request: Request, duel: Duel, form: VoteForm, status: HTTPStatus) -> HttpResponse:
    """The same form with what was sent and why it is not taken."""
    if request.htmx:
        return render_next_step(request, duel, status, form)
    return render_duel(request, duel, status, refused_vote=form)


@require_POST
def react(request: Request, code: str, number: int, side: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), ReactionForm(request.POST)
    answer = get_object_or_404(
        Answer, turn__duel=duel, turn__number=number, side=side, state=Answer.State.DONE
    )
    if not form.is_valid():
        return bad_form(request)
    voting.set_reaction(answer, form.cleaned_data["liking"], form.cleaned_data["reasons"])
    if not request.htmx:
        return _see_other(duel, f"#tour-{number}")
    answer = Answer.objects.select_related("turn", "reaction").get(pk=answer.pk)
    card = presenters.answer_view(duel, answer.turn, answer)
    return render(request, "duels/_reaction.html", {"card": card, "code": code, "number": number})


@require_GET  # there is nothing to tell of a stream but what it says
def stream(request: Request, code: str, number: int) -> StreamingHttpResponse:
    """Server-Sent Events of one turn, from the start or from the last event the browser has seen."""
    key, known = _turn_to_follow(request, code, number)
    last_id = request.headers.get("Last-Event-ID", "")
    events = (
        _again(known) if known else follow(valkey.multiplexer(), key, last_id if _is_id(last_id) else "0")
    )
    labels = _labels(get_language())
    response = StreamingHttpResponse(_encoded(events, labels), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that buffers would hold back every word
    response["Content-Encoding"] = "identity"  # compressing would too
    return response


@cache
def _labels(language: str) -> dict[str, str]:
    """Failures and cuts in the reader's words: what is written later, in no thread of theirs, needs them."""
    with override(language):
        return {why.value: str(why.label) for why in (*Answer.Failure, *Answer.Truncation)}


def _turn_to_follow(request: Request, code: str, number: int) -> tuple[str, list[Event]]:
    """The key of the stream, and its events once both sides have ended. No database connection stays open."""
    try:
        sides = queries.load_sides(visitor_of(request), code, number)
        if not sides:
            raise Http404
        is_over = all(answer.is_finished for answer in sides)
        return lifecycle.stream_key(sides[0].turn), list(_known_events(sides)) if is_over else []
    finally:
        close_old_connections()


def _known_events(sides: list[Answer]) -> Iterator[Event]:
    """The events of a turn that has ended, from the database: the stream may be gone."""
    for order, answer in enumerate(sides, start=1):
        name, data = final_event(answer)
        said = [("start", "")]
        said += [("reasoning", as_html(answer.reasoning))] if answer.reasoning else []
        said += [("chunk", as_html(answer.text))] if answer.text else []
        said += [("cut", answer.truncation)] if answer.truncation else []
        for kind, html in [*said, (name, data)]:
            yield Event(f"{answer.side}-{kind}", html, f"0-{order}")
    yield Event("end", id=f"0-{order}")


async def _again(events: list[Event]) -> AsyncIterator[list[Event]]:
    yield events


async def _encoded(batches: AsyncIterator[list[Event]], labels: dict[str, str]) -> AsyncIterator[bytes]:
    """What came together in one piece, failures and cuts in the reader's words.

    Without Redis it ends, and the page comes back.
    """
    yield retry_after(RECONNECT_MILLISECONDS)
    try:
        async for events in batches:
            yield b"".join([encode(_in_words(event, labels)) for event in events])
    except redis.RedisError:
        return


def _in_words(event: Event, labels: dict[str, str]) -> Event:
    if event.name.endswith(("-failed", "-cut")):
        return event._replace(data=as_html(labels[event.data]))
    return event


def _is_id(text: str) -> bool:
    """Whether an event of a live turn may have this id; those of a finished turn begin with 0."""
    return bool(EVENT_ID.fullmatch(text))


def bad_form(request: Request) -> HttpResponse:
    """For what no form of ours sends; a script that wanted a part keeps its page, and says that it failed."""
    return render(request, "400.html", status=HTTPStatus.UNPROCESSABLE_ENTITY)


def get_own_duel(request: Request, code: str) -> Duel:
    """The visitor's own duel of that code; any other is not found."""
    own = queries.load_own_duel(visitor_of(request), code)
    if own is None:
        raise Http404
    return own


def _see_other(duel: Duel, fragment: str = "") -> HttpResponse:
    return SeeOther(duel.get_absolute_url() + fragment)
