"""TLS, compression, connections that are reused, time to connect, and servers that mean harm."""

import asyncio
import gc
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import brotli
import pytest
from backports import zstd

from backends.base import FailureReason
from backends.http_client import Request
from backends.openai.client import OpenAICompatible, Timeouts
from tests import upstream as play
from tests.backends.reading import IMPATIENT, QUESTION, ReadAnswer, Reader
from tests.upstream import Script, Upstream
from tests.waiting import until

OUI = play.event({"content": "Oui"}) + play.event({}, "stop") + play.DONE


# TLS


def test_an_answer_comes_whole_through_tls_and_leaves_its_connection(tls_reader: Reader) -> None:
    for _ in range(2):
        assert tls_reader.read(play.burst(500)).text == play.burst_text(500)
    assert len({request.client for request in tls_reader.upstream.requests}) == 1


def test_cancelling_ends_a_silent_answer_through_tls(tls_reader: Reader) -> None:
    tls_reader.upstream.play("m", play.hangs_after("Parce"))
    answer = ReadAnswer(tls_reader.backend.stream(QUESTION))

    async def cancel() -> None:
        reading = asyncio.create_task(answer.read())
        await until(lambda: answer.text == "Parce")
        reading.cancel()
        await until(lambda: tls_reader.upstream.active == 0, seconds=10)

    tls_reader.runner.run(cancel())


def test_a_certificate_without_a_known_authority_is_unreachable(
    reader: Reader, tls_upstream: Upstream
) -> None:
    assert reader.read_from(reader.backend_with(tls_upstream.url)).failure is FailureReason.UNREACHABLE
    assert tls_upstream.requests == []


# Compression, which is not asked for


def deflated(data: bytes) -> bytes:
    return zlib.compress(data)


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", deflated), ("br", brotli.compress)],
    ids=["gzip", "deflate", "br"],
)
def test_a_body_that_is_compressed_all_the_same_is_read(
    reader: Reader, encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    whole = compress(b"".join([*play.burst(300).pieces]))  # type: ignore[arg-type]
    pieces = [whole[start : start + 100] for start in range(0, len(whole), 100)]
    answer = reader.read(Script(pieces, headers={"Content-Encoding": encoding}))
    assert answer.text == play.burst_text(300)
    assert reader.upstream.requests[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("label", ["gzip", "br", "deflate", "zstd", "utf-8", ""])
@pytest.mark.parametrize("compress", [bytes, gzip.compress, deflated, zstd.compress])
@pytest.mark.parametrize("size", [3, 10_000])
def test_the_first_bytes_of_a_body_decide_and_not_its_encoding(
    reader: Reader, label: str, compress: Callable[[bytes], bytes], size: int
) -> None:
    whole = compress(OUI)
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    answer = reader.read(Script(pieces, headers={"Content-Encoding": label} if label else {}))
    assert (answer.text, answer.failure) == ("Oui", None)


@pytest.mark.parametrize("label", ["gzip", "br"])
def test_the_words_of_an_error_are_read_whatever_its_encoding_says(reader: Reader, label: str) -> None:
    body = b'{"error": {"message": "Input is too long for requested model"}}'
    answer = reader.read(Script([body], status=400, headers={"Content-Encoding": label}))
    assert answer.failure is FailureReason.CONTEXT_FULL


def test_a_compressed_body_that_breaks_in_the_middle_is_a_failure(reader: Reader) -> None:
    whole = gzip.compress(b"".join([*play.burst(300).pieces]))  # type: ignore[arg-type]
    answer = reader.read(Script([whole[:500] + b"x" * 500], headers={"Content-Encoding": "gzip"}))
    assert answer.failure is FailureReason.PROTOCOL_ERROR


def test_a_small_body_that_unpacks_to_a_huge_one_is_not_unpacked(reader: Reader) -> None:
    bomb = gzip.compress(b"x" * 100_000_000)
    assert len(bomb) < 100_000
    answer = reader.read(Script([bomb], headers={"Content-Encoding": "gzip"}))
    assert answer.failure is FailureReason.PROTOCOL_ERROR


# Connections


@pytest.mark.slow
@pytest.mark.parametrize("status", [200, 500])
def test_a_server_that_closes_after_each_answer_leaves_no_socket_open(reader: Reader, status: int) -> None:
    script = Script([OUI], status=status, headers={"Connection": "close"})
    for _ in range(2):
        reader.read(script)
    assert len({request.client for request in reader.upstream.requests}) == 2
    gc.collect()  # a socket left open is a warning here, and a warning is an error


def test_a_request_shows_neither_key_nor_prompt_in_a_log() -> None:
    request = Request("POST", "http://x/v1", {"Authorization": "Bearer sk-cle"}, b"secret")
    assert "sk-cle" not in repr(request)
    assert "secret" not in repr(request)


@contextmanager
def raw_server(serve: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each request with `serve`: its address, and the requests as they came."""
    received: list[bytes] = []
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # the end of the test
                    return
                accepted.append(connection)
                with connection, suppress(OSError):  # the client has gone, or the test is over
                    while connection.fileno() >= 0 and (data := connection.recv(65_536)):
                        received.append(data)
                        serve(connection, data)

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", received
        for waiting in (listening, *accepted):  # the client keeps its connection for the next request
            with suppress(OSError):
                waiting.shutdown(socket.SHUT_RDWR)
    thread.join()


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = CHUNKED + b"\r\n" + chunk(OUI) + b"0\r\n\r\n"


def test_a_question_is_never_sent_twice(reader: Reader) -> None:
    """The second is read and left without an answer, on a connection that was reused."""
    count = iter(range(10))

    def serve(connection: socket.socket, data: bytes) -> None:
        if next(count):
            connection.close()
        else:
            connection.sendall(WHOLE)

    with raw_server(serve) as (url, received):
        backend = reader.backend_with(url)
        assert reader.read_from(backend).text == "Oui"
        assert reader.read_from(backend).failure is FailureReason.CONNECTION_LOST
    assert len([data for data in received if data.startswith(b"POST")]) == 2


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * 3,
    ],
)
def test_provisional_responses_are_passed_over(reader: Reader, before: bytes) -> None:
    with raw_server(lambda connection, _: connection.sendall(before + WHOLE)) as (url, _):
        assert reader.read_from(reader.backend_with(url)).text == "Oui"


def test_chunks_with_extensions_and_trailers_are_read(reader: Reader) -> None:
    body = b"%x;name=value\r\n%s\r\n0\r\nX-Trailer: x\r\n\r\n" % (len(OUI), OUI)
    with raw_server(lambda connection, _: connection.sendall(CHUNKED + b"\r\n" + body)) as (url, _):
        assert reader.read_from(reader.backend_with(url)).text == "Oui"


@pytest.mark.parametrize("size", [b"xyz\r\n", b"-5\r\nabc", b"1" * 2_000])
def test_wrong_framing_is_a_failure_that_keeps_what_came_before(reader: Reader, size: bytes) -> None:
    body = chunk(play.event({"content": "Parce"})) + size
    with raw_server(lambda connection, _: connection.sendall(CHUNKED + b"\r\n" + body)) as (url, _):
        answer = reader.read_from(reader.backend_with(url, timeouts=IMPATIENT))
    assert answer.failure in (
        FailureReason.PROTOCOL_ERROR,
        FailureReason.CONNECTION_LOST,
        FailureReason.TIMEOUT,
    )


@pytest.mark.parametrize("cut", [1, 7, 60])
def test_the_body_does_not_depend_on_where_the_network_cuts_it(reader: Reader, cut: int) -> None:
    def serve(connection: socket.socket, _: bytes) -> None:
        for start in range(0, len(WHOLE), cut):
            connection.sendall(WHOLE[start : start + cut])
            time.sleep(0.0005)

    with raw_server(serve) as (url, _):
        assert reader.read_from(reader.backend_with(url)).text == "Oui"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "flood"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000),
        (b"", b"X: " + b"y" * 4_000 + b"\r\n"),
        (CHUNKED, b"X: y\r\n" * 1_000),
        (CHUNKED + b"\r\n0\r\n", b"X: y\r\n" * 1_000),
        (CHUNKED + b"\r\n", chunk(b": comment\n\n") * 1_000),
        (CHUNKED + b"\r\n", chunk(b"x" * 60_000)),
    ],
    ids=["103", "no status", "headers", "trailers", "comments", "line"],
)
def test_a_server_that_floods_does_not_freeze_the_others(reader: Reader, head: bytes, flood: bytes) -> None:
    ending = time.monotonic() + 60

    def serve(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while time.monotonic() < ending:
            connection.sendall(flood)

    async def run(url: str) -> tuple[ReadAnswer, float]:
        hostile = reader.backend_with(url, timeouts=replace(Timeouts(), total_seconds=1.5))
        other = ReadAnswer(hostile.stream(QUESTION))
        reading = asyncio.create_task(other.read())
        longest = 0.0
        while not reading.done():
            before = time.thread_time()  # of this thread alone: a busy machine stops all of it at times
            await asyncio.sleep(0.01)
            longest = max(longest, time.thread_time() - before)
        return other, longest

    with without_collecting_the_session(), raw_server(serve) as (url, _):
        answer, longest = reader.runner.run(run(url))
    assert answer.failure is not None
    assert longest < 1.0


@contextmanager
def without_collecting_the_session() -> Iterator[None]:
    """The garbage collector passes over what the whole test session has left: no worker holds as much."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


# The time to connect


def test_a_lookup_that_hangs_is_bounded_and_holds_up_no_other(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, look_up = threading.Event(), socket.getaddrinfo

    def hangs(host: str, *args: object, **kwargs: object) -> object:
        if host.startswith("lent"):
            released.wait(20)
        return look_up(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    timeouts = Timeouts(connect_seconds=0.3)
    reader.upstream.play("m", play.answer("Oui"))

    async def run() -> tuple[list[ReadAnswer], ReadAnswer]:
        lost = [
            ReadAnswer(reader.backend_with(f"http://lent{n}.example/v1", timeouts=timeouts).stream(QUESTION))
            for n in range(8)
        ]
        reading = [asyncio.create_task(answer.read()) for answer in lost]
        await asyncio.sleep(0.05)
        url = f"http://localhost:{reader.upstream.port}/v1"
        other = ReadAnswer(reader.backend_with(url, timeouts=timeouts).stream(QUESTION))
        await other.read()
        await asyncio.gather(*reading)
        return lost, other

    began = time.monotonic()
    lost, other = reader.runner.run(run())
    took = time.monotonic() - began
    released.set()
    assert {answer.failure for answer in lost} == {FailureReason.UNREACHABLE}
    assert other.text == "Oui"
    assert took < 5


def test_a_client_of_one_call_does_not_wait_for_a_lookup_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: released.wait(20))
    backend = OpenAICompatible("http://lent.example/v1", "m", timeouts=Timeouts(connect_seconds=0.2))
    answer = ReadAnswer(backend.stream(QUESTION))
    began = time.monotonic()
    asyncio.run(answer.read())
    took = time.monotonic() - began
    released.set()
    assert answer.failure is FailureReason.UNREACHABLE
    assert took < 5


def test_several_dead_addresses_share_one_time_to_connect(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses for documentation (RFC 5737): nobody answers there, or the network refuses at once."""
    family = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    dead = [(*family, (f"192.0.2.{number}", 80)) for number in range(1, 6)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: dead)
    began = time.monotonic()
    answer = reader.read_from(
        reader.backend_with("http://muet.example/v1", api_key=None, timeouts=Timeouts(connect_seconds=0.5))
    )
    assert answer.failure is FailureReason.UNREACHABLE
    assert time.monotonic() - began < 3
