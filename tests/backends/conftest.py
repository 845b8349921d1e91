"""A scripted server, and a client of it on an event loop as the worker's."""

import asyncio
from collections.abc import Iterator

import pytest
import uvloop

from backends.http import HTTPClient
from tests.backends.reading import Reader
from tests.upstream import Upstream


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
