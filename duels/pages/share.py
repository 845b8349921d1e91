"""Sharing a result: the fold of its visitor, the public page and its picture, the sheet to print."""

import time
from hashlib import sha256
from http import HTTPStatus

import redis
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from duels import valkey
from duels.lifecycle import InvalidState
from duels.models import Duel
from duels.pages.duel import get_own_duel
from duels.queries import load_answers
from duels.reveal import reveal
from duels.sharing import links
from duels.sharing.links import LinkNotFound
from duels.sharing.result_page import build_result_page
from duels.sharing.social_card import card_text, render_card
from web.client_address import client_address_hash
from web.http import Request, SeeOther
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume

TEXT_FIELD = "texte"
CARD_SECONDS = 3_600  # how long a messenger may show the picture without asking again
# Messengers ask for a card once for each message that names its link, from a few addresses.
CARDS = RateLimit("cards", 120, 60)


@require_POST
def share(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    try:
        _share_as_asked(request, duel)
    except InvalidState:
        return SeeOther(duel.get_absolute_url())
    if not request.htmx:
        return SeeOther(f"{duel.get_absolute_url()}#share")
    duel = get_own_duel(request, code)
    return render(request, "duels/_share.html", {"duel": duel, "share": links.share_view(duel)})


def _share_as_asked(request: Request, duel: Duel) -> None:
    if "withdraw" in request.POST:
        links.revoke(duel)
    else:
        links.create_link(duel, with_text="text" in request.POST)


@require_safe
def result(request: Request, token: str) -> HttpResponse:
    """The page behind a link, for whoever has it."""
    try:
        followed = links.resolve(token)
    except LinkNotFound:
        return render(request, "duels/no_result.html", status=HTTPStatus.NOT_FOUND)
    shown = build_result_page(load_answers(followed.duel), followed.with_text)
    context = {"result": shown, "token": token}
    return render(request, "duels/result.html", context)


@require_safe
def printable(request: Request, code: str) -> HttpResponse:
    """The same page for its own visitor, shared or not: what others would see, and what is printed."""
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        return SeeOther(duel.get_absolute_url())
    with_text = TEXT_FIELD in request.GET
    context = {"result": build_result_page(duel, with_text), "own_duel": duel, "with_text": with_text}
    return render(request, "duels/result.html", context)


@require_safe
def card(request: Request, token: str, language: str) -> HttpResponse:
    """The picture beside a link; without cookies, and the same for everybody."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if refusal := _too_many(request):
        wait = {"Retry-After": str(refusal.wait_seconds)}
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


def _too_many(request: Request) -> LimitExceeded | None:
    """Whether this address has asked for very many cards; without Redis nobody counts."""
    address = client_address_hash(request)
    if address is None:
        return None
    try:
        return consume(valkey.client(), [Charge(CARDS, address)], time.time())
    except redis.RedisError:
        return None
