"""A client as pages have it, and a loop with a client as workers have it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
import redis
import redis.asyncio
import uvloop
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

AsyncClient = redis.asyncio.Redis


@pytest.fixture
def client(valkey_server: str, valkey_client: redis.Redis) -> Iterator[redis.Redis]:
    """A client of an empty Valkey that returns text."""
    with redis.Redis.from_url(valkey_server, decode_responses=True) as client:
        yield client


@pytest.fixture
def run_with_client(valkey_server: str) -> Callable[[Callable[[AsyncClient], Awaitable[None]]], None]:
    """Runs a coroutine function on a loop of its own, with a client of the Valkey that does not retry."""

    def run(use: Callable[[AsyncClient], Awaitable[None]]) -> None:
        async def main() -> None:
            retry = Retry(NoBackoff(), 0)
            async with AsyncClient.from_url(valkey_server, decode_responses=True, retry=retry) as client:
                async with asyncio.timeout(30):
                    await use(client)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())

    return run
