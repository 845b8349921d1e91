"""The page of a duel, and what its visitor does to it before the vote: ask again, stop, retry."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from duels import lifecycle, tasks, valkey
from duels.candidates import candidate_pool
from duels.events import publish_final_event, publish_restart
from duels.lifecycle import InvalidState
from duels.models import Duel, Share, Turn
from duels.pages import presenters
from duels.pages.forms import TurnForm
from duels.pages.next_step import next_step_html
from duels.pages.responses import redirect_to_duel, with_retry_after
from duels.pages.visitor import duel_slots, get_own_duel, requester
from duels.rate_limits import Prompt, RateLimited, admitted, release_slots
from duels.relay.cancellation import request_stop
from duels.reveal import parse_options
from duels.sharing import links
from duels.worker import reaper
from web.http import Request
from web.page_cache import cached_fragment, cached_page


@require_safe
def duel(request: Request, code: str) -> HttpResponse:
    """The visitor's own duel; another visitor's leads to its result where its texts are shared."""
    try:
        own = get_own_duel(request, code)
    except Http404:
        shared = get_object_or_404(Share, duel__code=code, with_text=True)
        return HttpResponseRedirect(links.url_for(shared))
    return render_duel(request, own)


def render_duel(
    request: Request, duel: Duel, status: HTTPStatus = HTTPStatus.OK, notice: str = "", **forms: Any
) -> HttpResponse:
    """The page, or for htmx its turns and its next step alone, slots of a frame that is cached."""
    step = presenters.present_next_step(duel, options=parse_options(request.GET), **forms)
    if request.htmx and step.state == "streaming":
        # Another tab has retried a side: this page must connect to its stream.
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    is_tiny = candidate_pool().is_all_tiny and not duel.recorded_on
    key = (step.state, is_tiny, duel.is_blind, duel.pair_was_known, duel.recorded_on)
    frame = dict(zip(("state", "only_tiny", "is_blind", "pair_was_known", "recorded_on"), key, strict=True))
    shared_slots = duel_slots(request, duel)
    slots = {
        **shared_slots,
        "title": presenters.title(duel),
        "turns": SafeString("".join([_turn_html(duel, turn, shared_slots) for turn in duel.turns.all()])),
        "next_step": next_step_html(request, duel, step, shared_slots),
        "open_texts": _open_texts_html(request, duel),
    }
    template = "duels/_duel_parts.html" if request.htmx else "duels/duel.html"
    if status != HTTPStatus.OK:
        return render(request, template, {**frame, **slots, "notice": notice}, status=status)
    return cached_page(request, template, key, lambda: frame, slots)


def _turn_html(duel: Duel, turn: Turn, shared_slots: dict[str, str]) -> SafeString:
    """One turn, from the cache while neither side has written: only its slots then depend on the duel."""
    view = presenters.present_turn(duel, turn)
    slots = {**shared_slots, "prompt": turn.prompt, "excerpt": presenters.excerpt(turn.prompt)}
    if view.is_live and not any(side.text or side.reasoning or side.reaction for side in view.sides):
        return cached_fragment("duels/_turn.html", (view,), {"turn": view}, slots)
    return render_to_string("duels/_turn.html", {"turn": view, **slots})


def _open_texts_html(request: Request, duel: Duel) -> SafeString:
    """Below the texts of a duel that was voted on: whether the open data may hold them."""
    if not duel.is_revealed or duel.recorded_on:
        return SafeString()
    return render_to_string("duels/_open_texts.html", {"duel": duel}, request)


@require_POST
def add_turn(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), TurnForm(request.POST)
    if not form.is_valid():
        return render_duel(request, duel, HTTPStatus.UNPROCESSABLE_ENTITY, invalid_turn=form)
    prompt = form.cleaned_data["prompt"]
    if not lifecycle.can_continue(duel):
        return _render_not_added(request, duel, prompt)
    key = lifecycle.turn_key(duel.code, duel.last_turn.number + 1)
    try:
        with admitted(requester(request), Prompt(key)):
            turn = lifecycle.add_turn(duel, prompt)
    except RateLimited as limited:
        form.add_error("prompt", limited.message)
        return with_retry_after(limited, render_duel(request, duel, limited.status, invalid_turn=form))
    except InvalidState:
        return _render_not_added(request, get_own_duel(request, code), prompt)
    tasks.enqueue(turn)
    return redirect_to_duel(duel, f"#turn-{turn.number}")


def _render_not_added(request: Request, duel: Duel, prompt: str) -> HttpResponse:
    """Redirect a double click to the turn it made; give any other prompt back in a notice."""
    if duel.last_turn.prompt == prompt:
        return redirect_to_duel(duel, f"#turn-{duel.last_turn.number}")
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
        release_slots(lifecycle.stream_key(turn))
    if reaper.look_left(turn.answers.all()):  # nobody writes it, so nobody hears of the stop
        tasks.reap()
    return HttpResponse(status=HTTPStatus.NO_CONTENT) if request.htmx else redirect_to_duel(duel)


@require_POST
def retry(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    key = lifecycle.stream_key(duel.last_turn)
    try:
        with admitted(requester(request), Prompt(key)):
            answer = lifecycle.retry_side(duel, request.POST.get("side", ""))
    except RateLimited as limited:
        return with_retry_after(limited, render_duel(request, duel, limited.status, limited.message))
    except InvalidState:
        return redirect_to_duel(duel)
    publish_restart(answer)
    tasks.enqueue(answer.turn)
    return redirect_to_duel(duel, f"#turn-{answer.turn.number}")
