"""PageHandler does what an ASGI application must do, and gives back every connection to the database."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from conso_duel.page_handler import PageHandler
from tests.asgi_client import DISCONNECT, Exchange, body_message, http_scope, respond
from tests.waiting import until

calls: list[Any] = []
stream_closed = threading.Event()


def page(request: HttpRequest) -> HttpResponse:
    calls.append((request.method, request.path, request.path_info, reverse("page")))
    return HttpResponse(b"a page")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


def raw(request: HttpRequest) -> HttpResponse:
    calls.append(request)
    return HttpResponse(str(len(request.read())))


def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret")


def reading(request: HttpRequest) -> HttpResponse:
    """Uses this thread's connection, and keeps it for the test to look at."""
    connection.ensure_connection()
    calls.append(connection.connection)
    return HttpResponse()


async def parts(*, fail: bool = False, endless: bool = False) -> AsyncIterator[bytes]:
    try:
        yield b"one "
        if fail:
            raise RuntimeError("the stream breaks")
        while endless:
            await asyncio.sleep(0.001)
            yield b"more "
        yield b"two"
    finally:
        stream_closed.set()


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts())


def stream_of_rows(request: HttpRequest) -> StreamingHttpResponse:
    connection.ensure_connection()
    calls.append(connection.connection)
    return StreamingHttpResponse(parts())


def endless(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts(endless=True))


def broken(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts(fail=True))


def plain_error(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=400 if exception else 500)


handler400 = handler500 = plain_error
VIEWS = (page, form, raw, failing, reading, stream, stream_of_rows, endless, broken)
urlpatterns = [path(f"{view.__name__}/", view, name=view.__name__) for view in VIEWS]


@pytest.fixture
def handler(settings: Settings) -> Iterator[PageHandler]:
    """A handler of the views above."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    settings.DEBUG = False
    calls.clear()
    stream_closed.clear()
    before = {signal: signal.receivers[:] for signal in (request_started, request_finished)}
    yield PageHandler(threads=2, threads_per_household=2)
    for signal, receivers in before.items():  # the handler disconnects those of Django from the whole process
        signal.receivers[:] = receivers


@pytest.fixture
def signals() -> Iterator[list[str]]:
    """The signals of requests, in their order."""
    seen: list[str] = []

    def started(**_: Any) -> None:
        seen.append("started")

    def finished(**_: Any) -> None:
        seen.append("finished")

    request_started.connect(started)
    request_finished.connect(finished)
    yield seen
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def test_a_page_is_sent_whole(handler: PageHandler, signals: list[str]) -> None:
    exchange = respond(handler, http_scope("GET", "/page/"))
    assert (exchange.status, exchange.body) == (200, b"a page")
    assert exchange.headers["content-length"] == "6"
    assert exchange.sent[-1]["more_body"] is False
    assert signals == ["started", "finished"]


def test_head_has_the_headers_of_get(handler: PageHandler) -> None:
    """The server leaves the body out, as Django expects of it."""
    exchange = respond(handler, http_scope("HEAD", "/page/"))
    assert (exchange.status, exchange.headers) == (200, respond(handler, http_scope("GET", "/page/")).headers)
    assert [call[0] for call in calls] == ["HEAD", "GET"]


def test_only_http_is_served(handler: PageHandler) -> None:
    with pytest.raises(ValueError, match="websocket"):
        respond(handler, {"type": "websocket", "path": "/page/"})


def test_a_client_that_leaves_before_its_body_has_come_gets_nothing(
    handler: PageHandler, signals: list[str]
) -> None:
    exchange = respond(
        handler, http_scope("POST", "/page/"), [body_message(b"te", more_body=True), DISCONNECT]
    )
    assert (exchange.sent, calls, signals) == ([], [], [])


def test_a_body_may_come_in_pieces(handler: PageHandler) -> None:
    scope = http_scope("POST", "/form/", {"content-type": "application/x-www-form-urlencoded"})
    pieces = [
        body_message(b"te", more_body=True),
        body_message(b"xt=Bon", more_body=True),
        body_message(b"jour"),
    ]
    assert respond(handler, scope, pieces).body == b"Bonjour"


def test_a_form_that_is_too_large_is_refused(handler: PageHandler, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    headers = {"content-type": "application/x-www-form-urlencoded", "content-length": "2005"}
    exchange = respond(
        handler, http_scope("POST", "/form/", headers), [body_message(b"text=" + b"x" * 2_000)]
    )
    assert exchange.status == 400


def test_a_large_body_goes_to_a_file_that_is_closed(handler: PageHandler, settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    pieces = [body_message(b"x" * 900, more_body=True), body_message(b"x" * 900)]
    assert respond(handler, http_scope("POST", "/raw/"), pieces).body == b"1800"
    body = calls[0]._stream
    assert isinstance(body, SpooledTemporaryFile) and body.closed


def test_an_address_that_is_not_utf8_is_refused(handler: PageHandler, signals: list[str]) -> None:
    scope = http_scope("GET", "/page/") | {"query_string": b"\xff"}
    assert respond(handler, scope).status == 400
    assert signals == ["started", "finished"]


def test_an_error_in_a_view_is_a_500_without_its_words(handler: PageHandler, signals: list[str]) -> None:
    exchange = respond(handler, http_scope("GET", "/failing/"))
    assert exchange.status == 500
    assert b"secret" not in exchange.body
    assert signals == ["started", "finished"]
    assert respond(handler, http_scope("GET", "/page/")).status == 200


@pytest.mark.parametrize("by_setting", [False, True])
def test_the_site_may_be_mounted_under_a_prefix(
    handler: PageHandler, settings: Settings, *, by_setting: bool
) -> None:
    if by_setting:
        settings.FORCE_SCRIPT_NAME = "/under"
    respond(handler, http_scope("GET", "/under/page/", root_path="" if by_setting else "/under"))
    settings.FORCE_SCRIPT_NAME = None
    respond(handler, http_scope("GET", "/page/"))
    assert calls == [("GET", "/under/page/", "/page/", "/under/page/"), ("GET", "/page/", "/page/", "/page/")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["reading", "stream_of_rows"])
def test_the_connection_to_the_database_is_given_back(handler: PageHandler, name: str) -> None:
    exchange = respond(handler, http_scope("GET", f"/{name}/"))
    assert exchange.status == 200
    (used,) = calls
    pool = connection.pool
    assert used.closed or pool is None or used in pool._pool


@pytest.mark.django_db(transaction=True)
def test_a_stream_holds_no_connection_while_it_is_sent(handler: PageHandler) -> None:
    held: list[bool] = []

    async def run() -> None:
        exchange = Exchange()

        async def send(message: dict[str, Any]) -> None:
            held.append(not calls[0].closed and calls[0] not in connection.pool._pool)
            await exchange.send(message)

        await handler(http_scope("GET", "/stream_of_rows/"), exchange.receive, send)

    asyncio.run(run())
    assert held and not any(held)


def test_a_stream_is_sent_piece_by_piece_and_then_closed(handler: PageHandler, signals: list[str]) -> None:
    exchange = respond(handler, http_scope("GET", "/stream/"))
    assert [message.get("body", b"") for message in exchange.sent[1:]] == [b"one ", b"two", b""]
    assert stream_closed.is_set()
    assert signals == ["started", "finished"]


def test_a_stream_whose_reader_leaves_is_closed(handler: PageHandler, signals: list[str]) -> None:
    async def run() -> Exchange:
        exchange = Exchange()
        streaming = asyncio.create_task(
            handler(http_scope("GET", "/endless/"), exchange.receive, exchange.send)
        )
        await exchange.until_sent(3)
        exchange.disconnected.set()
        async with asyncio.timeout(5):
            await streaming
        return exchange

    assert b"one more" in asyncio.run(run()).body
    assert stream_closed.is_set()
    assert signals == ["started", "finished"]


def test_a_stream_that_the_server_cancels_is_closed(handler: PageHandler) -> None:
    async def run() -> None:
        exchange = Exchange()
        streaming = asyncio.create_task(
            handler(http_scope("GET", "/endless/"), exchange.receive, exchange.send)
        )
        await exchange.until_sent(3)
        streaming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await streaming

    asyncio.run(run())
    assert stream_closed.is_set()


def test_an_error_in_a_stream_reaches_the_server(handler: PageHandler, signals: list[str]) -> None:
    with pytest.raises(RuntimeError, match="the stream breaks"):
        respond(handler, http_scope("GET", "/broken/"))
    assert stream_closed.is_set()
    assert signals == ["started", "finished"]


def test_pages_beyond_the_threads_wait_for_one(handler: PageHandler) -> None:
    async def run() -> list[int]:
        exchanges = [Exchange() for _ in range(20)]
        scope = http_scope("GET", "/page/")
        await asyncio.gather(*(handler(scope, one.receive, one.send) for one in exchanges))
        return [one.status for one in exchanges]

    assert asyncio.run(run()) == [200] * 20


def test_one_address_holds_some_of_the_threads_and_another_is_answered_beside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, handler: PageHandler
) -> None:
    settings.PROXIES = 0
    shared = PageHandler(threads=5, threads_per_household=2)
    gate, begun = threading.Event(), list[str]()

    def get_response(request: HttpRequest) -> HttpResponse:
        begun.append(request.META["REMOTE_ADDR"])
        assert request.META["REMOTE_ADDR"] == "192.0.2.2" or gate.wait(10)
        return HttpResponse("a page")

    async def ask(address: str) -> None:
        exchange = Exchange((body_message(),))
        scope = {**http_scope("GET", "/page/"), "client": (address, 1)}
        await shared(scope, exchange.receive, exchange.send)
        assert exchange.status == 200

    async def scenario() -> None:
        greedy = ["192.0.2.1"] * 3 + ["2001:db8::1", "2001:db8::2", "2001:db8::3"]  # one household of IPv6
        waiting = [asyncio.create_task(ask(address)) for address in greedy]
        async with asyncio.timeout(10):
            await ask("192.0.2.2")
            await until(lambda: len(begun) == 5)
        assert sorted(begun) == ["192.0.2.1"] * 2 + ["192.0.2.2", "2001:db8::1", "2001:db8::2"]
        gate.set()
        await asyncio.gather(*waiting)

    monkeypatch.setattr(shared, "get_response", get_response)
    asyncio.run(scenario())
    assert len(begun) == 7
