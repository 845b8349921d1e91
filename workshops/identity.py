"""Facilitators, known by the token of a secret link, and participants, known by a cookie."""

import hashlib
import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from duels.visitors import TOKEN
from workshops.codes import is_guessing, new_key
from workshops.models import Seat, Workshop

FACILITATOR_COOKIE = "facilitator"  # followed by the code of the workshop
SEAT_COOKIE = "seat"
PATH = "/ateliers/"


def hash_facilitator(token: str) -> str:
    return hashlib.sha256(f"workshops.facilitator:{token}".encode()).hexdigest()


def facilitator_token(request: HttpRequest, workshop: Workshop) -> str:
    """The token of the workshop's own facilitator; empty for anybody else."""
    token = request.COOKIES.get(f"{FACILITATOR_COOKIE}-{workshop.code}", "")
    return token if hmac.compare_digest(hash_facilitator(token), workshop.facilitator) else ""


def get_workshop(request: HttpRequest, code: str) -> Workshop:
    """Raises Http404 where there is none, or no longer, and for a stranger whose address guesses codes."""
    workshop = Workshop.objects.filter(code=code).first()
    is_slowed = is_guessing(request, is_known=workshop is not None)
    if workshop is None or (is_slowed and not is_inside(request, workshop)):
        raise Http404
    return workshop


def is_inside(request: HttpRequest, workshop: Workshop) -> bool:
    return bool(facilitator_token(request, workshop) or find_seat(request, workshop))


def get_led_workshop(request: HttpRequest, code: str) -> Workshop:
    """The workshop of that code for its facilitator. Raises Http404 for anybody else."""
    workshop = get_workshop(request, code)
    if not facilitator_token(request, workshop):
        raise Http404
    return workshop


def set_facilitator_cookie(response: HttpResponseBase, workshop: Workshop, token: str) -> None:
    _set_cookie(response, f"{FACILITATOR_COOKIE}-{workshop.code}", token)


def seat_token(request: HttpRequest) -> str:
    """The token of this browser, or a new one."""
    token = request.COOKIES.get(SEAT_COOKIE, "")
    return token if TOKEN.fullmatch(token) else new_key()


def set_seat_cookie(response: HttpResponseBase, token: str) -> None:
    _set_cookie(response, SEAT_COOKIE, token)


def _set_cookie(response: HttpResponseBase, name: str, token: str) -> None:
    response.set_cookie(
        name,
        token,
        max_age=settings.WORKSHOP_HOURS * 3600,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def hash_seat(workshop: Workshop, token: str) -> str:
    """Keyed by the workshop: the same browser is another seat in another workshop."""
    return hmac.new(workshop.seat_key.encode(), token.encode(), "sha256").hexdigest()


def find_seat(request: HttpRequest, workshop: Workshop) -> Seat | None:
    token = request.COOKIES.get(SEAT_COOKIE, "")
    if not TOKEN.fullmatch(token):
        return None
    return Seat.objects.filter(workshop=workshop, token_hash=hash_seat(workshop, token)).first()
