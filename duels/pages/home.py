"""The home page, and the POST that opens a duel from it."""

from http import HTTPStatus
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from duels import lifecycle, tasks
from duels.candidates import candidate_pool
from duels.matchmaking import Mode, NotEnoughModels, draw_pair
from duels.models import Duel, Turn, new_code
from duels.pages.forms import OpenForm
from duels.pages.history import list_own_duels
from duels.pages.home_links import home_links
from duels.pages.responses import redirect_to_duel, with_retry_after
from duels.pages.suggestions import ideas, suggestion_page
from duels.pages.visitor import requester
from duels.rate_limits import Prompt, RateLimited, Requester, admitted, paused
from duels.visitors import get_or_create_token, hash_token, set_cookie
from web.http import Request
from web.page_cache import cached_page

TEMPLATE = "duels/home.html"
TOO_FEW_MODELS = _(
    "Il faut deux modèles qui répondent pour un duel, et il n’y en a pas deux en ce moment. "
    "Revenez dans quelques minutes."
)
UNAVAILABLE_MODEL = _("Ce modèle ne peut pas répondre en ce moment : choisissez-en un autre.")
rng = SystemRandom()


@require_safe
@vary_on_headers("HX-Request")  # one address, two bodies: the browser caches them apart
def home(request: Request) -> HttpResponse:
    """The form, filled from the address (?prompt=…&mode=…&model=slug); for htmx, the suggestions alone."""
    query = request.GET
    if request.htmx:
        return render(request, "duels/_suggestions.html", {"suggestions": suggestion_page(query)})
    pool = candidate_pool()
    if not query:
        slots = {"csrf_token": get_token(request)}
        key = (pool.key, ideas().key, home_links())
        return cached_page(request, TEMPLATE, key, lambda: _context(request, OpenForm(pool)), slots)
    initial = {
        "prompt": query.get("prompt"),
        "mode": query.get("mode", Duel.Mode.RANDOM),
        "first": query.get("model"),
    }
    is_unavailable = query.get("model") and query["model"] not in pool.by_slug
    return render_home(
        request, OpenForm(pool, initial=initial), str(UNAVAILABLE_MODEL) if is_unavailable else ""
    )


def render_home(
    request: Request, form: OpenForm, notice: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, form, notice), status=status)


def _context(request: Request, form: OpenForm, notice: str = "") -> dict[str, Any]:
    if not notice and len(form.pool.candidates) < 2:
        notice = str(TOO_FEW_MODELS)
    return {
        "form": form,
        "notice": notice,
        "links": home_links(),
        "only_tiny": form.pool.is_all_tiny,
        "welcome": settings.SITE_WELCOME[get_language() or "fr"],
        "offers_models": not settings.PRODUCTION,
        "suggestions": suggestion_page(request.GET),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def duels(request: Request) -> HttpResponse:
    """POST opens a duel; GET lists the visitor's own."""
    return open_duel(request) if request.method == "POST" else list_own_duels(request)


def open_duel(request: Request) -> HttpResponse:
    form = OpenForm(candidate_pool(), request.POST)
    if not form.is_valid():
        return render_home(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    token = get_or_create_token(request)
    try:
        turn = _open_within_limits(form, requester(request), hash_token(token))
    except RateLimited as limited:
        return with_retry_after(limited, render_home(request, form, limited.message, limited.status))
    except NotEnoughModels:
        return render_home(request, form, str(TOO_FEW_MODELS), HTTPStatus.SERVICE_UNAVAILABLE)
    tasks.enqueue(turn)
    response = redirect_to_duel(turn.duel)
    set_cookie(response, token)
    return response


def _open_within_limits(form: OpenForm, requester: Requester, visitor: str) -> Turn:
    """Draw the pair, charge the limits and store the duel.

    Once the allowance of expensive models is used up, or a drawn model answers too many already, others are
    drawn without a notice, which would name what was drawn. Raises RateLimited, NotEnoughModels.
    """
    pool, mode, code = form.pool, Mode(form.cleaned_data["mode"]), new_code()
    candidates, chosen, refused = pool.candidates, list(form.chosen), False
    # Of two models, each plays every duel: what one holds takes nothing from another.
    counts_models = len(candidates) > 2
    while True:
        try:
            pair = draw_pair(candidates, mode, rng, chosen)
        except NotEnoughModels:
            if refused:
                raise paused() from None
            if mode is Mode.RANDOM or candidates is not pool.candidates:
                raise
            candidates = pool.listed  # refused, it would tell which model has just stopped answering
            continue
        prompt = Prompt(
            lifecycle.turn_key(code, 1),
            [one.model_id for one in pair] if counts_models else [],
            expensive_drawn=pool.count_expensive(one for one in pair if one not in chosen),
            expensive_chosen=pool.count_expensive(chosen),
        )
        is_known = mode in pool.modes_of_one_pair
        try:
            with admitted(requester, prompt):
                text = form.cleaned_data["prompt"]
                return lifecycle.open_duel(visitor, text, mode.value, pair, code, pair_was_known=is_known)
        except RateLimited as limited:
            drawn_ids = {one.model_id for one in pair if one not in chosen}
            if not (limited.is_for_drawn or limited.model_id in drawn_ids):
                raise
            refused = refused or bool(limited.model_id)
            if limited.is_for_drawn:
                candidates = [one for one in pool.affordable if one in candidates]
            candidates = [one for one in candidates if one.model_id != limited.model_id]
