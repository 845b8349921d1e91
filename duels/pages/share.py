"""Sharing a result: its link, the public page and its picture, the page to print."""

from hashlib import sha256
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from duels.lifecycle import InvalidState
from duels.pages.page_limits import charge_address
from duels.pages.responses import redirect_to_duel, too_many
from duels.pages.visitor import get_own_duel
from duels.queries import load_answers
from duels.reveal import reveal
from duels.sharing import links
from duels.sharing.links import LinkNotFound
from duels.sharing.result_page import build_result_page
from duels.sharing.social_card import card_text, render_card
from web.http import Request
from web.rate_limit import RateLimit

CARD_SECONDS = 3_600  # how long a messenger may cache the picture
# Messengers request a card once for each message with its link, from a few addresses.
CARDS = RateLimit("cards", 120, 60)
RESULTS = RateLimit("results", 240, 60)  # pages; a class of 40 opens the same one at once


@require_POST
def share(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    try:
        if "withdraw" in request.POST:
            links.revoke(duel)
        else:
            links.create_link(duel, with_text="text" in request.POST)
    except InvalidState:
        return redirect_to_duel(duel)
    if not request.htmx:
        return redirect_to_duel(duel, "#share")
    duel = get_own_duel(request, code)
    context = {"duel": duel, "share": links.share_view(duel), "reveal": reveal(duel)}
    return render(request, "duels/_share.html", context)


@require_POST
def texts_in_open_data(request: Request, code: str) -> HttpResponse:
    """The tick below the answers: whether the open data may hold the texts of this duel."""
    duel = get_own_duel(request, code)
    try:
        links.agree_to_open_data(duel, "agreed" in request.POST)
    except InvalidState:
        return redirect_to_duel(duel)
    if not request.htmx:
        return redirect_to_duel(duel, "#open-texts")
    return render(request, "duels/_open_texts.html", {"duel": get_own_duel(request, code)})


@require_safe
def result(request: Request, token: str) -> HttpResponse:
    """The public page of a link."""
    if exceeded := charge_address(request, RESULTS):
        return too_many(request, exceeded.wait_seconds)
    try:
        link = links.resolve(token)
    except LinkNotFound:
        return render(request, "duels/no_result.html", status=HTTPStatus.NOT_FOUND)
    page = build_result_page(load_answers(link.duel), link.with_text)
    return render(request, "duels/result.html", {"result": page, "token": token})


@require_safe
def printable(request: Request, code: str) -> HttpResponse:
    """The result for its own visitor, shared or not, as it is printed (?text=yes: with the texts)."""
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        return redirect_to_duel(duel)
    if exceeded := charge_address(request, RESULTS):
        return too_many(request, exceeded.wait_seconds)
    context = {"result": build_result_page(duel, with_text="text" in request.GET), "own_duel": duel}
    return render(request, "duels/result.html", context)


@require_safe
def card(request: Request, token: str, language: str) -> HttpResponse:
    """The picture of a link as a PNG; public, the same for everybody."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if exceeded := charge_address(request, CARDS):
        wait = {"Retry-After": str(exceeded.wait_seconds)}
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
    try:
        duel = load_answers(links.resolve(token).duel)
    except LinkNotFound:
        raise Http404 from None
    with override(language):
        png = render_card(card_text(reveal(duel)))
    headers = {"Cache-Control": f"public, max-age={CARD_SECONDS}", "X-Robots-Tag": "noindex"}
    etag = f'"{sha256(png).hexdigest()[:32]}"'
    response = HttpResponse(png, content_type="image/png", headers=headers | {"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
