"""A line of the log holds its request and its duel, and nothing that a visitor wrote."""

import json
import logging
import sys

import pytest
from django.db import OperationalError

from conso_duel.operations.log_formatters import JsonFormatter, LineFormatter
from duels.log_context import bind_duel, current_duel_id, duel_log_id

CODE = "Ab-_0123456789abcdefgh"
SECRET = "ma question secrète"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("duels.lifecycle", logging.INFO, __file__, 1, message, args, raised)


def as_json(*args: object, **options: object) -> dict[str, object]:
    entry: dict[str, object] = json.loads(JsonFormatter().format(record(*args, **options)))  # type: ignore[arg-type]
    return entry


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error):
        raised = sys.exc_info()[1]
        assert raised
        return raised


def test_a_line_of_json_has_its_time_level_logger_and_message() -> None:
    entry = as_json("answer %s is done", 12)
    assert entry.pop("time")
    assert entry == {"level": "INFO", "logger": "duels.lifecycle", "message": "answer 12 is done"}


def test_the_duel_at_hand_is_logged_by_a_hash_that_opens_nothing() -> None:
    with bind_duel(CODE):
        entry = as_json("answer 12 is done")
    assert entry["duel"] == duel_log_id(CODE)
    assert CODE not in json.dumps(entry)
    assert current_duel_id() == ""
    assert duel_log_id(CODE) != duel_log_id(CODE[::-1])


@pytest.mark.parametrize(
    "message",
    [f"Not Found: /duels/{CODE}/vote/", f"Error: /resultats/{CODE}/", f"stream duel:{CODE}:1 is lost"],
)
def test_a_code_never_reaches_the_log(message: str) -> None:
    for formatter in (JsonFormatter(), LineFormatter()):
        line = formatter.format(record(message))
        assert CODE not in line
        assert f"~{duel_log_id(CODE)}" in line


def test_an_error_tells_where_but_not_the_words_that_may_quote_a_visitor() -> None:
    error = caught(ValueError(f"cannot read « {SECRET} »"), cause=caught(KeyError(SECRET)))
    for formatter in (JsonFormatter(), LineFormatter()):
        line = formatter.format(record("it failed", error=error))
        assert SECRET not in line
        assert line.index("KeyError") < line.index("ValueError")
        assert "test_log_formatters.py" in line


def test_a_service_that_fails_may_speak_its_first_line() -> None:
    error = caught(OperationalError(f"connection refused\nDETAIL: {SECRET}"))
    entry = as_json("it failed", error=error)
    assert "OperationalError: connection refused" in str(entry["error"])
    assert SECRET not in str(entry)


def test_a_failed_task_is_named_without_the_words_of_its_error() -> None:
    failed = record("Task %(name)s raised: %(exc)s", {"name": "t", "exc": SECRET})
    failed.name = "celery.app.trace"
    failed.data = {"name": "duels.tasks.generate_turn", "id": "7", "description": "raised unexpected"}
    assert SECRET not in LineFormatter().format(failed)
    assert "task duels.tasks.generate_turn[7] raised unexpected" in LineFormatter().format(failed)
