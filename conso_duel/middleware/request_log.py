"""Lines of the log, for people or as JSON: which request, which duel, and nothing of who asked or what."""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from string import ascii_lowercase

import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duels.log_context import bind_duel, current_duel_id, duel_log_id

logger = logging.getLogger(__name__)

# In an address, in that of a shared result, in the name of a stream.
CODE = re.compile(r"(?<=duels/)[\w-]{16,}|(?<=resultats/)[\w.-]{16,}|(?<=duel:)[\w-]{16,}")
# Errors whose words come from a machine or from our code; any other may quote what a visitor wrote.
SPEAKING_ERRORS = (
    OSError, OperationalError, InterfaceError, ProgrammingError, redis.RedisError, ImproperlyConfigured,
    ImportError, AttributeError, NameError, TypeError,
)  # fmt: skip
_request: ContextVar[str] = ContextVar("request", default="")
LETTERS = (ascii_lowercase * 10).encode()[:256]  # one for each byte


class RequestLogMiddleware:
    """Gives each request an id, which its answer tells and its lines carry; then one line on what came of it.

    The name of the view stands for the address, which may hold what somebody typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token, started = _request.set(new_id()), time.monotonic()
        code = CODE.search(request.path)
        try:
            with bind_duel(code[0] if code else ""):
                response = self.get_response(request)
                response["X-Request-ID"] = _request.get()
                _log(request, response, time.monotonic() - started)
        finally:
            _request.reset(token)
        return response


def request_id() -> str:
    """The id of the request at hand; empty outside of one."""
    return _request.get()


def new_id() -> str:
    """Twelve letters: no figure in it can be taken for one of a model."""
    return secrets.token_bytes(12).translate(LETTERS).decode()


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    view = request.resolver_match.view_name if request.resolver_match else "(no page)"
    milliseconds = round(seconds * 1000)
    logger.info("%s %s %d in %d ms", request.method, view, response.status_code, milliseconds)


class LineFormatter(logging.Formatter):
    """One line for people: time, level, logger, request, duel, message; then the frames of an error."""

    def format(self, record: logging.LogRecord) -> str:
        ids = [f"{name}={value}" for name, value in ids_of(record).items()]
        head = [self.formatTime(record), record.levelname, record.name, *ids, message_of(record)]
        return "\n".join([" ".join(head), *errors_of(record)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            **ids_of(record),
        }
        if errors := list(errors_of(record)):
            told["error"] = errors
        return json.dumps(told, ensure_ascii=False)


def ids_of(record: logging.LogRecord) -> dict[str, str]:
    """The request and the duel at hand, where there are any."""
    ids = {"request": _request.get(), "duel": current_duel_id()}
    return {name: value for name, value in ids.items() if value}


def message_of(record: logging.LogRecord) -> str:
    """What was said, without the code of a duel; Celery's failures without the words of their error."""
    data = getattr(record, "data", None)
    if record.name == "celery.app.trace" and isinstance(data, dict):
        return f"task {data.get('name')}[{data.get('id')}] {data.get('description', 'ended')}"
    return CODE.sub(lambda found: f"~{duel_log_id(found[0])}", record.getMessage())


def errors_of(record: logging.LogRecord) -> Iterator[str]:
    """Each error of the chain, the first cause first: its frames, then its name."""
    error = record.exc_info[1] if record.exc_info else None
    return iter(list(_chain(error))[::-1])


def _chain(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        stack = traceback.extract_tb(error.__traceback__)
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in stack]
        yield "\n".join([*frames, in_words(error)])
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def in_words(error: BaseException) -> str:
    """The name of an error, and the first line of what it says where that cannot quote a visitor."""
    name = type(error).__name__
    words = str(error).splitlines()[:1] if isinstance(error, SPEAKING_ERRORS) else []
    return f"{name}: {words[0]}" if words else name
