"""A database that can be neither read nor written is told in a sentence, and what was typed comes back."""

import logging
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 10
GAME = "duels"  # only its forms come back: those of the admin may hold a password
TYPED = ("prompt", "comment")  # how the names of the fields begin that hold what somebody wrote


class DatabaseUnavailableMiddleware(MiddlewareMixin):
    """Answers 503 where a view met a database that is away, full or locked."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says so; None for any other error, which is a fault of ours."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        match = request.resolver_match
        logger.error("%s without a database: %s", match and match.view_name, type(error).__name__)
        context = {"sent": posted_fields(request) if match and match.namespace == GAME else []}
        page = render(request, "503.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
        page["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return page


def typed_texts(request: HttpRequest) -> list[str]:
    """The questions and comments in a form of the game, as they were typed."""
    match = request.resolver_match
    sent = posted_fields(request) if match and match.namespace == GAME else []
    return [value for _, value, typed in sent if typed and value.strip()]


def posted_fields(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Name and value of each field of the form that was sent, and whether somebody typed it."""
    return [
        (name, str(value), name.startswith(TYPED))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
