"""The home page, and the POST that opens a duel from it."""

from http import HTTPStatus
from random import SystemRandom
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from duels import lifecycle, tasks
from duels.candidates import candidate_pool
from duels.matchmaking import Candidate, Mode, NotEnoughModels, draw_pair
from duels.models import Duel
from duels.pages.forms import OpenForm
from duels.pages.history import list_own_duels
from duels.pages.responses import redirect_to_duel, with_retry_after
from duels.pages.suggestions import suggestion_page
from duels.pages.visitor import requester
from duels.rate_limits import RateLimited, Requester, check_limits
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
        return cached_page(request, TEMPLATE, (pool.key,), lambda: _context(request, OpenForm(pool)), slots)
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
    if not notice and len(form.pool) < 2:
        notice = str(TOO_FEW_MODELS)
    return {
        "form": form,
        "notice": notice,
        "only_tiny": form.pool.is_all_tiny,
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
    try:
        pair = _draw_within_limits(form, requester(request))
    except RateLimited as limited:
        return with_retry_after(limited, render_home(request, form, limited.message, limited.status))
    except NotEnoughModels:
        return render_home(request, form, str(TOO_FEW_MODELS), HTTPStatus.SERVICE_UNAVAILABLE)
    token = get_or_create_token(request)
    turn = lifecycle.open_duel(
        hash_token(token), form.cleaned_data["prompt"], form.cleaned_data["mode"], pair
    )
    tasks.enqueue(turn)
    response = redirect_to_duel(turn.duel)
    set_cookie(response, token)
    return response


def _draw_within_limits(form: OpenForm, requester: Requester) -> tuple[Candidate, Candidate]:
    """Draw the pair and charge the limits.

    Once the allowance of expensive models is used up, others are drawn without a notice, which would name
    what was drawn. Raises RateLimited, NotEnoughModels.
    """
    pool, mode = form.pool, Mode(form.cleaned_data["mode"])
    pair = draw_pair(pool.candidates, mode, rng, form.chosen)
    try:
        check_limits(requester, pool.count_expensive(pair))
    except RateLimited as limited:
        if not limited.is_for_expensive or mode is Mode.CHOSEN:
            raise
        pair = draw_pair(pool.affordable, mode, rng)
        check_limits(requester)
    return pair
