"""A stop reaches the worker that streams, cancels what it must, and nothing else."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
import redis
import redis.asyncio

from duels.relay.cancellation import CancellationListener, request_stop
from tests.duels.relay.conftest import AsyncClient
from tests.waiting import until

Run = Callable[[Callable[[AsyncClient], Awaitable[None]]], None]
ONE, TWO = "duel:un:1", "duel:deux:1"


async def no_heartbeats(answer_ids: Sequence[int]) -> None:
    """Nothing is stored."""


@asynccontextmanager
async def listening(client: AsyncClient, **options: object):  # type: ignore[no-untyped-def]
    listener = CancellationListener(client, **{"send_heartbeats": no_heartbeats} | options)  # type: ignore[arg-type]
    await listener.start()
    try:
        yield listener
    finally:
        await listener.close()


async def hang(listener: CancellationListener, key: str, since: float = 0) -> bool:
    """Stream for ever under this key; whether it was stopped."""
    async with listener.track(1, key, since) as running:
        await asyncio.Event().wait()
    return running.stopped


def test_a_stop_cancels_the_streams_of_its_key_alone(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        async with listening(own) as listener:
            now = time.monotonic()
            left, right, other = (asyncio.create_task(hang(listener, key, now)) for key in (ONE, ONE, TWO))
            await asyncio.sleep(0)
            request_stop(client, ONE)
            assert await asyncio.gather(left, right) == [True, True]
            assert not other.done()
            other.cancel()

    run_with_client(use)


def test_what_runs_behind_a_stopped_block_goes_on(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        async with listening(own) as listener:
            stopping = asyncio.create_task(hang(listener, ONE))
            await asyncio.sleep(0)
            for _ in range(3):  # a visitor may press more than once
                request_stop(client, ONE)
            assert await stopping
            await asyncio.sleep(0)

    run_with_client(use)


def test_a_time_out_of_the_block_itself_is_no_stop(run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        async with listening(own) as listener:
            with pytest.raises(TimeoutError, match="slow"):
                async with listener.track(1, ONE, 0):
                    raise TimeoutError("slow")

    run_with_client(use)


def test_a_stop_counts_for_an_answer_that_was_claimed_before_it(
    client: redis.Redis, run_with_client: Run
) -> None:
    async def use(own: AsyncClient) -> None:
        async with listening(own) as listener:
            claimed = time.monotonic()
            request_stop(client, ONE)
            await until(lambda: listener.is_recorded(ONE))
            async with listener.track(1, ONE, claimed) as claimed_before:
                assert claimed_before.stopped
            async with listener.track(2, TWO, claimed) as another:
                assert not another.stopped
            async with listener.track(3, ONE, time.monotonic()) as claimed_again:
                assert not claimed_again.stopped

    run_with_client(use)


def test_stops_are_not_recorded_for_ever(run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        listener = CancellationListener(own, no_heartbeats)
        for minute in range(5):
            listener.record(f"duel:{minute}:1", 60.0 * minute)
            listener.record("duel:toujours:1", 60.0 * minute)
        keys = [*(f"duel:{minute}:1" for minute in range(5)), "duel:toujours:1"]
        assert [listener.is_recorded(key) for key in keys] == [False, False, False, True, True, True]

    run_with_client(use)


def test_heartbeats_name_the_answers_that_are_being_streamed(run_with_client: Run) -> None:
    seen: list[list[int]] = []

    async def send(answer_ids: Sequence[int]) -> None:
        seen.append(sorted(answer_ids))

    async def use(own: AsyncClient) -> None:
        async with listening(own, send_heartbeats=send, heartbeat_seconds=0.01) as listener:
            async with listener.track(7, ONE, 0), listener.track(8, ONE, 0):
                await until(lambda: [7, 8] in seen)
            seen.clear()
            await until(lambda: [] in seen)

    run_with_client(use)


def test_a_worker_that_lost_valkey_receives_stops_again(
    client: redis.Redis, run_with_client: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(own: AsyncClient) -> None:
        async with listening(own) as listener:
            client.client_kill_filter(_type="pubsub")
            running = asyncio.create_task(hang(listener, ONE))
            while not running.done():
                request_stop(client, ONE)
                await asyncio.sleep(0.02)

    run_with_client(use)
