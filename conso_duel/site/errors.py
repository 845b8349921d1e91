"""Pages of errors and the redirect of wrong methods; refused forms show again what was typed."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse

from conso_duel.middleware.request_log import request_id
from duels.middleware import GAME, typed_texts


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 400 page; Django's own would read a token from the form that cannot be read, and fail again."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page of a form without a valid token, with its prompt or comment to copy.

    Not in a form to send again: one click would then do what another site wrote.
    """
    try:
        typed = typed_texts(request)
    except UnreadablePostError:  # the connection was lost in the middle of the form
        typed = []
    context = {"typed": typed, "back": _page_of_the_form(request)}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page, which depends on next to nothing; its request id finds the error in the log."""
    context = {"request_id": request_id(), "email": settings.LEGAL_EMAIL}
    page = loader.render_to_string("500.html", context)
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


class WrongMethodMiddleware:
    """Redirects a GET of an address of the game that only accepts POST to the page of its form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method in ("GET", "HEAD")
        match = request.resolver_match
        if not (refused and match is not None and match.namespace == GAME):
            return response
        page = _page_of_the_form(request)
        # A page that refuses GET would redirect to itself for ever.
        return response if page == request.path else redirect(page)


def _page_of_the_form(request: HttpRequest) -> str:
    """The address of the duel that the form belongs to, or of the home page."""
    match = request.resolver_match
    code = match.kwargs.get("code") if match else None
    return reverse("duels:duel", args=[code]) if code else reverse("duels:home")
