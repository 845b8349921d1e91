"""Many pages read through one connection, each its own stream from its own place."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import redis
import redis.asyncio

from conso_duel.embedded.ports import free_port
from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.redis_stream import Event, append, entry_position
from tests.waiting import until

KEYS = [f"duel:essai-{number}:1" for number in range(30)]


def with_multiplexer(url: str, use: Callable[[StreamMultiplexer], Awaitable[None]]) -> None:
    async def run() -> None:
        async with redis.asyncio.Redis.from_url(url, decode_responses=True) as client:
            await use(StreamMultiplexer(client))

    asyncio.run(run())


def is_blocked(client: redis.Redis) -> bool:
    """Whether a client of the server waits in an XREAD."""
    return client.info("clients")["blocked_clients"] > 0  # type: ignore[index]


def data(events: list[Event]) -> list[str]:
    return [event.data for event in events]


def test_each_page_is_handed_its_own_stream(client: redis.Redis, valkey_server: str) -> None:
    for key in KEYS:
        append(client, key, [Event("a-chunk", key)])

    async def use(multiplexer: StreamMultiplexer) -> None:
        handed = await asyncio.gather(*(multiplexer.wait(key, "0", 5) for key in KEYS))
        assert [data(events) for events in handed] == [[key] for key in KEYS]

    with_multiplexer(valkey_server, use)


def test_thirty_pages_that_wait_cost_one_connection(client: redis.Redis, valkey_server: str) -> None:
    before = len(client.client_list())

    async def use(multiplexer: StreamMultiplexer) -> None:
        waiting = asyncio.gather(*(multiplexer.wait(key, "0", 5) for key in KEYS))
        await until(lambda: multiplexer.waiting == len(KEYS) and len(client.client_list()) > before)
        assert len(client.client_list()) == before + 1
        for key in KEYS:
            append(client, key, [Event("a-chunk", key)])
        assert [data(events) for events in await waiting] == [[key] for key in KEYS]

    with_multiplexer(valkey_server, use)


def test_two_tabs_at_different_places_of_one_stream(client: redis.Redis, valkey_server: str) -> None:
    for word in ("un", "deux", "trois"):
        append(client, KEYS[0], [Event("a-chunk", word)])
    second = str(client.xrange(KEYS[0])[1][0])

    async def use(multiplexer: StreamMultiplexer) -> None:
        late, early = await asyncio.gather(
            multiplexer.wait(KEYS[0], second, 5), multiplexer.wait(KEYS[0], "0", 5)
        )
        assert data(late) == ["trois"]
        assert data(early) == ["un", "deux", "trois"]

    with_multiplexer(valkey_server, use)


def test_a_page_that_comes_while_others_wait_is_served(client: redis.Redis, valkey_server: str) -> None:
    async def use(multiplexer: StreamMultiplexer) -> None:
        silent = asyncio.create_task(multiplexer.wait(KEYS[0], "0", 5))
        await until(lambda: multiplexer.waiting == 1)
        append(client, KEYS[1], [Event("a-chunk", "bleu")])
        assert data(await multiplexer.wait(KEYS[1], "0", 5)) == ["bleu"]
        silent.cancel()

    with_multiplexer(valkey_server, use)


def test_a_page_that_comes_from_the_start_during_a_read_misses_nothing(
    client: redis.Redis, valkey_server: str
) -> None:
    for word in ("un", "deux"):
        append(client, KEYS[0], [Event("a-chunk", word)])
    newest = str(client.xrange(KEYS[0])[-1][0])

    async def use(multiplexer: StreamMultiplexer) -> None:
        waiting = asyncio.create_task(multiplexer.wait(KEYS[0], newest, 5))
        await until(lambda: is_blocked(client))  # the read from the newest entry is under way
        late = asyncio.create_task(multiplexer.wait(KEYS[0], "0", 5))
        await asyncio.sleep(0)
        append(client, KEYS[0], [Event("a-chunk", "trois")])
        assert data(await waiting) == ["trois"]
        assert data(await late) == ["un", "deux", "trois"]

    with_multiplexer(valkey_server, use)


def test_a_page_that_leaves_takes_nothing_from_the_others(client: redis.Redis, valkey_server: str) -> None:
    async def use(multiplexer: StreamMultiplexer) -> None:
        leaving, staying = (asyncio.create_task(multiplexer.wait(KEYS[0], "0", 5)) for _ in range(2))
        await until(lambda: multiplexer.waiting == 2)
        leaving.cancel()
        append(client, KEYS[0], [Event("a-chunk", "bleu")])
        assert data(await staying) == ["bleu"]

    with_multiplexer(valkey_server, use)


def test_silence_gives_nothing_and_what_comes_next_is_read(client: redis.Redis, valkey_server: str) -> None:
    async def use(multiplexer: StreamMultiplexer) -> None:
        assert await multiplexer.wait(KEYS[0], "0", 0.05) == []
        await until(lambda: multiplexer.waiting == 0)
        append(client, KEYS[0], [Event("a-chunk", "bleu")])
        assert data(await multiplexer.wait(KEYS[0], "0", 5)) == ["bleu"]

    with_multiplexer(valkey_server, use)


def test_without_valkey_every_page_fails_at_once() -> None:
    async def use(multiplexer: StreamMultiplexer) -> None:
        results = await asyncio.gather(
            *(multiplexer.wait(key, "0", 5) for key in KEYS[:2]), return_exceptions=True
        )
        assert all(isinstance(error, redis.ConnectionError) for error in results)
        with pytest.raises(redis.ConnectionError):
            await multiplexer.wait(KEYS[0], "0", 5)

    with_multiplexer(f"redis://127.0.0.1:{free_port()}/0", use)


def test_entries_are_ordered_as_numbers() -> None:
    assert entry_position("9-2") < entry_position("10-1") < entry_position("10-2") < entry_position("10-10")
    assert entry_position("0") < entry_position("1-0")
