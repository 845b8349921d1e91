"""TLS, proxies, framing and the reuse of connections."""

import gc
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backends import connections
from backends.base import BackendError, Chunk, FailureReason, Message
from backends.connections import Connections, Origin, Request, proxy_authorization
from backends.openai.client import OpenAICompatible
from tests import upstream as play
from tests.upstream import Upstream

CERTIFICATE = (
    Path(__file__).with_name("tls") / "certificate.pem"
)  # for localhost, signed by itself, until 2126
KEY = CERTIFICATE.with_name("key.pem")
QUESTION = [Message("user", "Oui ?")]


@pytest.fixture
def pool() -> Iterator[Connections]:
    pool = Connections()
    yield pool
    pool.close()


def answer_of(backend: OpenAICompatible) -> str:
    return "".join(item.text for item in backend.stream(QUESTION) if isinstance(item, Chunk))


# TLS


@pytest.fixture
def tls_upstream() -> Iterator[Upstream]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    with Upstream(tls=context) as server:
        yield server


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    connections.tls_context.cache_clear()
    yield
    connections.tls_context.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_an_answer_comes_whole_through_tls_and_leaves_its_connection(
    tls_upstream: Upstream, pool: Connections
) -> None:
    tls_upstream.play("m", play.burst(500))
    for _ in range(2):
        assert answer_of(OpenAICompatible(tls_upstream.url, "m", connections=pool)) == play.burst_text(500)
    assert len({request.client for request in tls_upstream.requests}) == 1


@pytest.mark.usefixtures("trusted")
def test_close_ends_a_silent_answer_through_tls(tls_upstream: Upstream) -> None:
    tls_upstream.play("m", play.hangs_after("Parce"))
    stream = OpenAICompatible(tls_upstream.url, "m").stream(QUESTION)
    heard: list[object] = []
    first = threading.Event()

    def listen() -> None:
        for item in stream:
            heard.append(item)
            first.set()

    reader = threading.Thread(target=listen)
    reader.start()
    assert first.wait(5)
    stream.close()
    reader.join(timeout=1.0)
    assert not reader.is_alive()
    assert heard == [Chunk("Parce")]
    assert tls_upstream.wait_until(lambda server: server.active == 0, timeout_seconds=1.0)


def test_a_certificate_that_nobody_vouches_for_is_unreachable(tls_upstream: Upstream) -> None:
    with pytest.raises(BackendError) as raised:
        answer_of(OpenAICompatible(tls_upstream.url, "m"))
    assert raised.value.reason is FailureReason.UNREACHABLE
    assert tls_upstream.requests == []


# Proxies


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    with Upstream({"m": play.answer("Oui")}) as server:
        address = f"http://curateur:mot%20secret@127.0.0.1:{server.port}"
        monkeypatch.setenv("http_proxy", address)
        monkeypatch.setenv("https_proxy", address)
        monkeypatch.setenv("no_proxy", "interne.example")
        yield server


def test_a_plain_request_goes_whole_to_the_proxy(proxy: Upstream, pool: Connections) -> None:
    assert answer_of(OpenAICompatible("http://modele.example/v1", "m", connections=pool)) == "Oui"
    (request,) = proxy.requests
    assert request.path == "http://modele.example/v1/chat/completions"
    assert request.headers["Host"] == "modele.example"
    assert request.headers["Proxy-Authorization"] == "Basic Y3VyYXRldXI6bW90IHNlY3JldA=="


def test_a_proxy_that_opens_no_tunnel_makes_a_server_unreachable(proxy: Upstream) -> None:
    with pytest.raises(BackendError) as raised:
        answer_of(OpenAICompatible("https://modele.example/v1", "m", api_key="sk-cle"))
    assert raised.value.reason is FailureReason.UNREACHABLE
    assert proxy.requests == []


@pytest.mark.usefixtures("proxy")
def test_this_machine_and_what_no_proxy_names_are_reached_directly() -> None:
    hosts = ("localhost", "127.0.0.1", "interne.example")
    assert [Origin.of(f"http://{host}:8080/v1").proxy() for host in hosts] == [None, None, None]
    assert Origin.of("http://modele.example/v1").proxy() is not None


def test_a_proxy_without_user_needs_no_header() -> None:
    assert proxy_authorization("http://proxy.example:3128") == {}


# Origins and requests


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8080/v1", Origin("http", "127.0.0.1", 8080)),
        ("https://api.example/v1", Origin("https", "api.example", 443)),
        ("http://[::1]/v1", Origin("http", "::1", 80)),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: Origin) -> None:
    assert Origin.of(url) == origin


@pytest.mark.parametrize("url", ["ftp://x/v1", "api.example/v1", "http://", "http://x:port/v1"])
def test_what_is_not_an_address_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        Origin.of(url)


def test_a_request_shows_neither_key_nor_prompt_in_a_log() -> None:
    request = Request("POST", "http://x/v1", {"Authorization": "Bearer sk-cle"}, b"secret")
    assert "sk-cle" not in repr(request)
    assert "secret" not in repr(request)


def test_a_server_that_closes_after_each_answer_leaves_no_socket_open(pool: Connections) -> None:
    script = play.raw(play.event({"content": "Oui"}), play.event({}, "stop"), play.DONE)
    with Upstream({"m": replace(script, headers={"Connection": "close"})}) as upstream:
        for _ in range(2):
            assert answer_of(OpenAICompatible(upstream.url, "m", connections=pool)) == "Oui"
        assert len({request.client for request in upstream.requests}) == 2
        gc.collect()  # a socket left open is a warning here, and a warning is an error
