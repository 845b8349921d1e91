"""Responses that several pages of the game give."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from duels.models import Duel
from duels.rate_limits import RateLimited, format_delay
from web.http import Request, SeeOther


def redirect_to_duel(duel: Duel, fragment: str = "") -> HttpResponse:
    return SeeOther(duel.get_absolute_url() + fragment)


def refresh(request: Request, duel: Duel) -> HttpResponse:
    """Reload the page: another tab has changed the duel."""
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return redirect_to_duel(duel)


def bad_form(request: Request) -> HttpResponse:
    """422 for fields that none of our forms sends; htmx swaps nothing and shows an error."""
    return render(request, "400.html", status=HTTPStatus.UNPROCESSABLE_ENTITY)


def too_many(request: Request, wait_seconds: int) -> HttpResponse:
    """429 for a page that takes work, asked for too often from one connection."""
    explanation = _("Cette page a été demandée trop souvent depuis votre connexion. Revenez %(when)s.")
    context = {"explanation": explanation % {"when": format_delay(wait_seconds)}}
    page = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    page["Retry-After"] = str(wait_seconds)
    return page


def with_retry_after(limited: RateLimited, page: HttpResponse) -> HttpResponse:
    """The page that gives back what was typed, with the seconds to wait in a header for programs."""
    page["Retry-After"] = str(limited.wait_seconds)
    return page
