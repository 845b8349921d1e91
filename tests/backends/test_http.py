"""TLS, proxies, redirects, compression, connections that are kept, and servers that mean harm."""

import asyncio
import gc
import gzip
import http.server
import select
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from yarl import URL

from backends import http as http_module
from backends.base import FailureReason
from backends.http import MAX_REDIRECTS, HTTPClient, RedirectError, Request, proxy_for, redirected
from backends.openai.client import OpenAICompatible, Timeouts
from tests import upstream as play
from tests.backends.reading import IMPATIENT, KEY, QUESTION, ReadAnswer, Reader, until
from tests.upstream import Script, Upstream

CERTIFICATE = (
    Path(__file__).with_name("tls") / "certificate.pem"
)  # for localhost, signed by itself, until 2126
CERTIFICATE_KEY = CERTIFICATE.with_name("key.pem")
OUI = play.event({"content": "Oui"}) + play.event({}, "stop") + play.DONE


# TLS


@pytest.fixture
def tls_upstream() -> Iterator[Upstream]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE_KEY)
    with Upstream(tls=context) as server:
        yield server


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    http_module.tls_context.cache_clear()
    yield
    http_module.tls_context.cache_clear()


@pytest.fixture
def tls_reader(trusted: None, tls_upstream: Upstream, runner: asyncio.Runner, http: HTTPClient) -> Reader:
    return Reader(tls_upstream, runner, http)


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
        await until(lambda: tls_reader.upstream.active == 0, timeout_seconds=1.0)

    tls_reader.runner.run(cancel())


def test_a_certificate_that_nobody_vouches_for_is_unreachable(reader: Reader, tls_upstream: Upstream) -> None:
    assert reader.read_from(reader.backend_with(tls_upstream.url)).failure is FailureReason.UNREACHABLE
    assert tls_upstream.requests == []


# Proxies


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    with Upstream({"m": play.answer("Oui")}) as server:
        use_proxy(monkeypatch, f"http://curateur:mot%20secret@127.0.0.1:{server.port}")
        yield server


def use_proxy(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("https_proxy", address)
    monkeypatch.setenv("no_proxy", "interne.example")


def test_a_plain_request_goes_whole_to_the_proxy(reader: Reader, proxy: Upstream) -> None:
    assert reader.read_from(reader.backend_with("http://modele.example/v1")).text == "Oui"
    (request,) = proxy.requests
    assert request.path == "http://modele.example/v1/chat/completions"
    assert request.headers["Host"] == "modele.example"
    assert request.headers["Proxy-Authorization"] == "Basic Y3VyYXRldXI6bW90IHNlY3JldA=="


def test_a_proxy_that_opens_no_tunnel_makes_a_server_unreachable(reader: Reader, proxy: Upstream) -> None:
    answer = reader.read_from(reader.backend_with("https://modele.example/v1"))
    assert answer.failure is FailureReason.UNREACHABLE
    assert proxy.requests == []


class Tunnel(http.server.BaseHTTPRequestHandler):
    """A proxy that opens a tunnel to one port of this machine, whatever host it is asked for."""

    target_port = 0
    asked: list[tuple[str, str | None]]

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers["Proxy-Authorization"]))
        self.close_connection = True
        with socket.create_connection(("127.0.0.1", self.target_port)) as there:
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._copy(self.connection, there)

    @staticmethod
    def _copy(here: socket.socket, there: socket.socket) -> None:
        others = {here: there, there: here}
        while True:
            for source in select.select([here, there], [], [])[0]:
                if not (data := source.recv(65_536)):
                    return
                others[source].sendall(data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


def test_tls_goes_through_the_tunnel_of_a_proxy_that_never_sees_the_key(
    tls_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None]] = []
    handler = type("To", (Tunnel,), {"target_port": tls_reader.upstream.port, "asked": asked})
    monkeypatch.setattr(http_module, "is_this_machine", lambda host: False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        use_proxy(monkeypatch, f"http://curateur:mot@127.0.0.1:{server.server_address[1]}")
        tls_reader.upstream.play("m", play.answer("Oui"))
        url = f"https://localhost:{tls_reader.upstream.port}/v1"
        answer = tls_reader.read_from(tls_reader.backend_with(url))
        tls_reader.runner.run(tls_reader.http.close())  # ends the tunnel, which the server waits for
        server.shutdown()
    assert (answer.text, answer.error) == ("Oui", None)
    assert asked == [(f"localhost:{tls_reader.upstream.port}", "Basic Y3VyYXRldXI6bW90")]
    assert "Proxy-Authorization" not in tls_reader.upstream.requests[0].headers


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]", "interne.example"])
def test_this_machine_and_what_no_proxy_names_are_reached_directly(host: str) -> None:
    assert proxy_for(URL(f"http://{host}:8080/v1")) is None
    assert proxy_for(URL("http://modele.example/v1")) is not None


def test_a_proxy_may_be_named_without_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    use_proxy(monkeypatch, "proxy.example:3128")
    assert proxy_for(URL("https://modele.example/v1")) == URL("http://proxy.example:3128")


# Redirects


def redirect(status: int, location: str) -> Script:
    return Script([b"moved"], status=status, content_type="text/plain", headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_with_the_same_method_body_and_key(reader: Reader, status: int) -> None:
    with Upstream({"m": play.answer("Oui")}) as there:
        reader.upstream.moved_to["/v1/chat/completions"] = (status, "/v2/chat/completions")
        assert reader.read(play.answer("Oui")).text == "Oui"
        first, second = reader.upstream.requests
        assert (first.path, second.path) == ("/v1/chat/completions", "/v2/chat/completions")
        assert first.body == second.body
        assert second.headers["Authorization"] == f"Bearer {KEY}"
        assert there.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_is_never_sent_to_another_server(reader: Reader, status: int) -> None:
    with Upstream({"m": play.answer("Oui")}) as there:
        elsewhere = f"http://localhost:{there.port}/v1/chat/completions"
        reader.upstream.play("m", redirect(status, elsewhere))
        assert reader.read_from(reader.backend).text == "Oui"
        (request,) = there.requests
    assert "Authorization" not in request.headers
    assert request.messages == [{"role": "user", "content": QUESTION[0].content}]


def test_redirects_are_followed_a_few_times_only(reader: Reader) -> None:
    answer = reader.read(redirect(307, "/v1/chat/completions"))
    assert answer.failure is FailureReason.PROTOCOL_ERROR
    assert len(reader.upstream.requests) == MAX_REDIRECTS + 1


HERE = Request("POST", "http://modele.example/v1/chat", {"Authorization": "Bearer cle", "Accept": "x"}, b"{}")


@pytest.mark.parametrize(
    ("location", "has_key"),
    [
        ("/v2/chat", True),
        ("http://modele.example/v2", True),
        ("https://modele.example/v1/chat", True),
        ("https://modele.example:8443/v1/chat", False),
        ("http://modele.example:8080/v1/chat", False),
        ("//voleur.example/v1/chat", False),
        ("http://modele.example.voleur.example/", False),
        ("http://modele.example@voleur.example/", False),
    ],
)
def test_the_key_stays_with_its_server(location: str, has_key: bool) -> None:
    there = redirected(HERE, location)
    assert ("Authorization" in there.headers) is has_key
    assert (there.method, there.body) == ("POST", b"{}")


def test_a_key_that_was_left_out_does_not_come_back() -> None:
    away = redirected(HERE, "http://ailleurs.example/")
    assert "Authorization" not in redirected(away, HERE.url).headers


@pytest.mark.parametrize(
    "location", ["ftp://modele.example/", "file:///etc/passwd", "http://[", "http://x:y/"]
)
def test_a_redirect_to_what_is_no_server_is_refused(location: str) -> None:
    with pytest.raises(RedirectError):
        redirected(HERE, location)


def test_a_redirect_that_leaves_tls_is_refused() -> None:
    with pytest.raises(RedirectError):
        redirected(replace(HERE, url="https://modele.example/v1"), "http://modele.example/v1")


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


def test_a_body_that_is_not_what_its_encoding_says_is_a_failure(reader: Reader) -> None:
    answer = reader.read(Script([OUI], headers={"Content-Encoding": "gzip"}))
    assert answer.failure in (FailureReason.CONNECTION_LOST, FailureReason.PROTOCOL_ERROR)


def test_a_small_body_that_unpacks_to_a_huge_one_is_not_unpacked(reader: Reader) -> None:
    bomb = gzip.compress(b"x" * 100_000_000)
    assert len(bomb) < 100_000
    answer = reader.read(Script([bomb], headers={"Content-Encoding": "gzip"}))
    assert answer.failure is FailureReason.PROTOCOL_ERROR


# Connections


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
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # the end of the test
                    return
                with connection:
                    while data := connection.recv(65_536):
                        received.append(data)
                        try:
                            serve(connection, data)
                        except OSError:  # the client has gone
                            break
                        if connection.fileno() < 0:
                            break

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", received
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = CHUNKED + b"\r\n" + chunk(OUI) + b"0\r\n\r\n"


def test_a_question_is_never_sent_twice(reader: Reader) -> None:
    """The second is read and left without an answer, on a connection that was kept."""
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
    ending = time.monotonic() + 20

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
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)
        return other, longest

    with raw_server(serve) as (url, _):
        answer, longest = reader.runner.run(run(url))
    assert answer.failure is not None
    assert longest < 1.0, longest


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
        reader.backend_with("http://muet.example/v1", timeouts=Timeouts(connect_seconds=0.5))
    )
    assert answer.failure is FailureReason.UNREACHABLE
    assert time.monotonic() - began < 3
