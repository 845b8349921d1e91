"""Responses of the game: no cache keeps them; a page for a database that cannot be reached or written."""

import logging
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 10
GAME = "duels"  # forms of the admin are not given back: they may hold a password
PUBLIC_PAGES = ("home", "result", "card")  # of the game: the same for everybody
TYPED = ("prompt", "comment")  # prefixes of the names of text fields


class DatabaseUnavailableMiddleware(MiddlewareMixin):
    """Answer 503 where the database is unreachable, full or locked."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page, or None for any other error: Django then answers 500."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        match = request.resolver_match
        logger.error("%s without a database: %s", match and match.view_name, type(error).__name__)
        context = {"sent": posted_fields(request) if match and match.namespace == GAME else []}
        page = render(request, "503.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
        page["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return page


class PersonalPagesMiddleware(MiddlewareMixin):
    """Keeps what one visitor sees out of every cache, the browser's own included: computers are shared."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        match = request.resolver_match
        if match and match.namespace == GAME and match.url_name not in PUBLIC_PAGES:
            response.setdefault("Cache-Control", "private, no-store")
        return response


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts that a visitor typed in a form of the game."""
    match = request.resolver_match
    sent = posted_fields(request) if match and match.namespace == GAME else []
    return [value for _, value, typed in sent if typed and value.strip()]


def posted_fields(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Name, value, and whether it is a text field, of each posted field."""
    return [
        (name, str(value), name.startswith(TYPED))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
