"""Requests that cannot be answered as asked: each is told in words, and what was typed comes back."""

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
    """Django's own would look for a token in the form that cannot be read, and fail again."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that may come from elsewhere is not taken; a question or a comment in it is given back to copy.

    Not as a form to send again: one click would then do what another site wrote.
    """
    try:
        typed = typed_texts(request)
    except UnreadablePostError:  # the line was cut in the middle of the form
        typed = []
    context = {"typed": typed, "back": _page_of_the_form(request)}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Made from next to nothing, since anything may be broken; its number finds the error in the log."""
    context = {"request_id": request_id(), "email": settings.LEGAL_EMAIL}
    page = loader.render_to_string("500.html", context)
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


class WrongMethodMiddleware:
    """Who opens the address of a form of the game, where it was refused, is led back to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method in ("GET", "HEAD")
        match = request.resolver_match
        if not (refused and match is not None and match.namespace == GAME):
            return response
        page = _page_of_the_form(request)
        # A page that refuses what leads to it would lead to itself for ever.
        return response if page == request.path else redirect(page)


def _page_of_the_form(request: HttpRequest) -> str:
    """The duel that the form belongs to, or the home page."""
    match = request.resolver_match
    code = match.kwargs.get("code") if match else None
    return reverse("duels:duel", args=[code]) if code else reverse("duels:home")
