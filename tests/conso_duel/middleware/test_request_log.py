"""Each request has an id and one line in the log, which names its view and nothing that a visitor wrote."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from conso_duel.middleware.request_log import RequestLogMiddleware, request_id
from conso_duel.operations.log_formatters import JsonFormatter
from duels.log_context import duel_log_id
from tests import cast

SECRET = "ma question secrète"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The lines of the log, as JSON."""
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
def test_a_request_is_one_line_with_the_id_of_its_response(client: Client, lines: list[str]) -> None:
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
    log = "\n".join(lines)
    assert "GET (no page) 404" in log
    assert SECRET not in log
    assert "203.0.113.77" not in log


def test_a_view_that_fails_leaves_no_id_behind() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise RuntimeError(SECRET)

    with pytest.raises(RuntimeError):
        RequestLogMiddleware(fails)(HttpRequest())
    assert request_id() == ""
