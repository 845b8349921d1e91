"""Formatters of the log, as text and as JSON: the request and the duel of a line, nothing a visitor wrote."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError

from conso_duel.middleware.request_log import DUEL_CODE, request_id
from duels.log_context import current_duel_id, duel_log_id

# Errors whose messages come from a service or from our code; those of any other may quote a visitor.
ERRORS_WITH_SAFE_MESSAGES = (
    OSError, OperationalError, InterfaceError, ProgrammingError, redis.RedisError, ImproperlyConfigured,
    ImportError, AttributeError, NameError, TypeError,
)  # fmt: skip


class LineFormatter(logging.Formatter):
    """Text: one line of time, level, logger, request, duel, message; then the frames of an error."""

    def format(self, record: logging.LogRecord) -> str:
        ids = [f"{name}={value}" for name, value in _ids().items()]
        head = [self.formatTime(record), record.levelname, record.name, *ids, _message(record)]
        return "\n".join([" ".join(head), *_errors(record)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_ids(),
        }
        if errors := _errors(record):
            entry["error"] = errors
        return json.dumps(entry, ensure_ascii=False)


def _ids() -> dict[str, str]:
    """The ids of the current request and duel, where there are any."""
    ids = {"request": request_id(), "duel": current_duel_id()}
    return {name: value for name, value in ids.items() if value}


def _message(record: logging.LogRecord) -> str:
    """The message with log ids for codes of duels; that of a failed task without the words of its error."""
    data = getattr(record, "data", None)
    if record.name == "celery.app.trace" and isinstance(data, dict):
        return f"task {data.get('name')}[{data.get('id')}] {data.get('description', 'ended')}"
    return DUEL_CODE.sub(lambda found: f"~{duel_log_id(found[0])}", record.getMessage())


def _errors(record: logging.LogRecord) -> list[str]:
    """Each error of the chain, the first cause first: its frames, then its name."""
    error = record.exc_info[1] if record.exc_info else None
    return list(_chain(error))[::-1]


def _chain(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        stack = traceback.extract_tb(error.__traceback__)
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in stack]
        yield "\n".join([*frames, _error_line(error)])
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _error_line(error: BaseException) -> str:
    """The name of an error, and the first line of its message where that cannot quote a visitor."""
    name = type(error).__name__
    lines = str(error).splitlines() if isinstance(error, ERRORS_WITH_SAFE_MESSAGES) else []
    return f"{name}: {lines[0]}" if lines else name
