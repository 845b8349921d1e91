"""A scripted server, and a client of it on an event loop as the worker's."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from backends import http_client
from backends.http_client import HTTPClient
from tests.backends.reading import Reader
from tests.upstream import Upstream

# For localhost, signed by itself, until 2126.
CERTIFICATE = Path(__file__).with_name("tls") / "certificate.pem"
CERTIFICATE_KEY = CERTIFICATE.with_name("key.pem")


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner


@pytest.fixture
def http(runner: asyncio.Runner) -> Iterator[HTTPClient]:
    async def make() -> HTTPClient:
        return HTTPClient()

    client = runner.run(make())
    yield client
    runner.run(client.close())


@pytest.fixture
def reader(upstream: Upstream, runner: asyncio.Runner, http: HTTPClient) -> Reader:
    return Reader(upstream, runner, http)


@pytest.fixture
def tls_upstream() -> Iterator[Upstream]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE_KEY)
    with Upstream(tls=context) as server:
        yield server


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    http_client.tls_context.cache_clear()
    yield
    http_client.tls_context.cache_clear()


@pytest.fixture
def tls_reader(trusted: None, tls_upstream: Upstream, runner: asyncio.Runner, http: HTTPClient) -> Reader:
    return Reader(tls_upstream, runner, http)
