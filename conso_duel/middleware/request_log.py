"""An id and a line of the log for each request."""

import logging
import random
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from string import ascii_lowercase

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duels.log_context import bind_duel

logger = logging.getLogger(__name__)

# In an address, in the address of a shared result, in the key of a stream.
DUEL_CODE = re.compile(r"(?<=duels/)[\w-]{16,}|(?<=resultats/)[\w.-]{16,}|(?<=duel:)[\w-]{16,}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestLogMiddleware:
    """Gives each request an id, sent as X-Request-ID and written on its lines; then logs the response.

    The line names the view, not the address, which may hold what a visitor typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token, started = _request_id.set(_new_id()), time.monotonic()
        code = DUEL_CODE.search(request.path)
        try:
            with bind_duel(code[0] if code else ""):
                response = self.get_response(request)
                response["X-Request-ID"] = request_id()
                _log(request, response, time.monotonic() - started)
        finally:
            _request_id.reset(token)
        return response


def request_id() -> str:
    """The id of the current request; empty outside of one."""
    return _request_id.get()


def _new_id() -> str:
    """Twelve letters, without a digit that a reader could take for a figure; no secret."""
    return "".join(random.choices(ascii_lowercase, k=12))


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    view = request.resolver_match.view_name if request.resolver_match else "(no page)"
    milliseconds = round(seconds * 1000)
    logger.info("%s %s %d in %d ms", request.method, view, response.status_code, milliseconds)
