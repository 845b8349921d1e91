"""The log tells which request and which duel, and nothing of who asked or of what was asked."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from conso_duel.middleware.request_log import JsonFormatter, LineFormatter, RequestLogMiddleware
from duels.log_context import bind_duel, current_duel_id, duel_log_id
from tests import cast

CODE = "Ab-_0123456789abcdefgh"
SECRET = "ma question secrète"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("duels.lifecycle", logging.INFO, __file__, 1, message, args, raised)


def as_json(*args: object, **options: object) -> dict[str, object]:
    told: dict[str, object] = json.loads(JsonFormatter().format(record(*args, **options)))  # type: ignore[arg-type]
    return told


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error):
        raised = sys.exc_info()[1]
        assert raised
        return raised


def test_a_line_of_json_has_its_time_level_logger_and_message() -> None:
    told = as_json("answer %s is done", 12)
    assert told.pop("time")
    assert told == {"level": "INFO", "logger": "duels.lifecycle", "message": "answer 12 is done"}


def test_the_duel_at_hand_is_told_by_a_hash_that_opens_nothing() -> None:
    with bind_duel(CODE):
        told = as_json("answer 12 is done")
    assert told["duel"] == duel_log_id(CODE)
    assert CODE not in json.dumps(told)
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
        assert "test_request_log.py" in line


def test_a_service_that_fails_may_speak_its_first_line() -> None:
    error = caught(OperationalError(f"connection refused\nDETAIL: {SECRET}"))
    told = as_json("it failed", error=error)
    assert "OperationalError: connection refused" in str(told["error"])
    assert SECRET not in str(told)


def test_a_failed_task_is_named_without_the_words_of_its_error() -> None:
    failed = record("Task %(name)s raised: %(exc)s", {"name": "t", "exc": SECRET})
    failed.name = "celery.app.trace"
    failed.data = {"name": "duels.tasks.generate_turn", "id": "7", "description": "raised unexpected"}
    assert SECRET not in LineFormatter().format(failed)
    assert "task duels.tasks.generate_turn[7] raised unexpected" in LineFormatter().format(failed)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What has been logged, as JSON."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, one: logging.LogRecord) -> None:
            written.append(JsonFormatter().format(one))

    handler = Keep()
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.INFO)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_id_that_its_answer_tells(client: Client, lines: list[str]) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    response = client.get(duel.get_absolute_url(), {"q": SECRET})
    (line,) = [json.loads(line) for line in lines if "conso_duel.middleware.request_log" in line]
    assert line["request"] == response["X-Request-ID"]
    assert line["duel"] == duel_log_id(duel.code)
    assert line["message"].startswith("GET duels:duel 200 in ")
    assert SECRET not in str(lines)


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_not_written_out(client: Client, lines: list[str]) -> None:
    client.get("/duels/")
    client.post("/duels/", {"prompt": SECRET}, REMOTE_ADDR="203.0.113.77")
    client.get("/inconnu/")
    told = "\n".join(lines)
    assert "GET (no page) 404" in told
    assert SECRET not in told
    assert "203.0.113.77" not in told


def test_a_view_that_fails_leaves_no_id_behind() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise RuntimeError(SECRET)

    with pytest.raises(RuntimeError):
        RequestLogMiddleware(fails)(HttpRequest())
    assert "request" not in as_json("afterwards")
