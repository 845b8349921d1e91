"""A stop reaches the worker that streams, closes what it must, and nothing else."""

import threading
import time
from collections.abc import Callable

import pytest
import redis

from duels.relay import stop
from duels.relay.stop import Watch, request_stop

PATIENCE_SECONDS = 10


def watch_on(url: str, alive: Callable[[list[int]], None]) -> Watch:
    """A watch whose client stays open as long as its thread, which is as long as the process."""
    return Watch(redis.Redis.from_url(url, decode_responses=True), alive)


def nobody_asks(answer_ids: list[int]) -> None:
    """No sign of life is wanted."""


def ask_until(client: redis.Redis, key: str, is_closed: Callable[[], bool]) -> None:
    """Asks for a stop until it is heard: the watch may just be subscribing."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_closed():
        assert time.monotonic() < deadline
        request_stop(client, key)
        time.sleep(0.02)


def test_a_stop_closes_the_streams_of_its_key_alone(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    mine, others = threading.Event(), threading.Event()
    with watch.over(1, "duel:un:1", mine.set) as stopped, watch.over(2, "duel:deux:1", others.set) as running:
        ask_until(client, "duel:un:1", mine.is_set)
    assert stopped.stopped
    assert not running.stopped
    assert not others.is_set()


def test_both_sides_of_a_duel_stop_at_once(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    left, right = threading.Event(), threading.Event()
    with watch.over(1, "duel:un:1", left.set), watch.over(2, "duel:un:1", right.set):
        ask_until(client, "duel:un:1", left.is_set)
        assert right.wait(PATIENCE_SECONDS)


def test_a_stream_that_is_over_is_not_closed_again(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    over, running = threading.Event(), threading.Event()
    with watch.over(1, "duel:un:1", over.set):
        pass
    with watch.over(2, "duel:un:1", running.set):
        ask_until(client, "duel:un:1", running.is_set)
    assert not over.is_set()


def test_signs_of_life_name_the_answers_that_are_being_written(
    valkey_client: redis.Redis, valkey_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop, "BEAT_SECONDS", 0)
    monkeypatch.setattr(stop, "TICK_SECONDS", 0.02)
    seen: list[list[int]] = []
    both = threading.Event()

    def alive(answer_ids: list[int]) -> None:
        seen.append(answer_ids)
        if answer_ids == [7, 8]:
            both.set()

    watch = watch_on(valkey_server, alive)
    with watch.over(7, "duel:un:1", nothing), watch.over(8, "duel:un:1", nothing):
        assert both.wait(PATIENCE_SECONDS)
    assert set(map(len, seen)) <= {0, 1, 2}


def nothing() -> None:
    """Closes nothing."""
