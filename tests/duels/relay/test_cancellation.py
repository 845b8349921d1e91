"""A stop reaches the worker that streams, closes what it must, and nothing else."""

import threading
import time
from collections.abc import Callable

import pytest
import redis

from duels.relay import cancellation
from duels.relay.cancellation import CancellationListener, request_stop

PATIENCE_SECONDS = 10


def watch_on(url: str, alive: Callable[[list[int]], None]) -> CancellationListener:
    """A watch whose client stays open as long as its thread, which is as long as the process."""
    return CancellationListener(redis.Redis.from_url(url, decode_responses=True), alive)


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
    with (
        watch.over(1, "duel:un:1", mine.set, watch.listen()) as stopped,
        watch.over(2, "duel:deux:1", others.set, watch.listen()) as running,
    ):
        ask_until(client, "duel:un:1", mine.is_set)
    assert stopped.stopped
    assert not running.stopped
    assert not others.is_set()


def test_both_sides_of_a_duel_stop_at_once(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    left, right = threading.Event(), threading.Event()
    with (
        watch.over(1, "duel:un:1", left.set, watch.listen()),
        watch.over(2, "duel:un:1", right.set, watch.listen()),
    ):
        ask_until(client, "duel:un:1", left.is_set)
        assert right.wait(PATIENCE_SECONDS)


def test_a_stream_that_is_over_is_not_closed_again(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    over, running = threading.Event(), threading.Event()
    with watch.over(1, "duel:un:1", over.set, watch.listen()):
        pass
    with watch.over(2, "duel:un:1", running.set, watch.listen()):
        ask_until(client, "duel:un:1", running.is_set)
    assert not over.is_set()


def test_a_stop_is_remembered_for_who_began_before_it(client: redis.Redis, valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    since = watch.listen()
    mine = threading.Event()
    with watch.over(1, "duel:un:1", mine.set, since):
        ask_until(client, "duel:un:1", mine.is_set)
    with watch.over(2, "duel:un:1", nothing, since) as taken_before:
        assert taken_before.stopped
    with watch.over(3, "duel:deux:1", nothing, since) as another:
        assert not another.stopped
    time.sleep(0.1)  # what was asked for once more is heard
    with watch.over(4, "duel:un:1", nothing, watch.listen()) as taken_again:
        assert not taken_again.stopped


def test_stops_are_not_remembered_for_ever(valkey_server: str) -> None:
    watch = watch_on(valkey_server, nobody_asks)
    for minute in range(5):
        watch._remember(f"duel:{minute}:1", 60.0 * minute)
        watch._remember("duel:toujours:1", 60.0 * minute)
    assert list(watch._heard) == ["duel:3:1", "duel:4:1", "duel:toujours:1"]


def test_signs_of_life_name_the_answers_that_are_being_written(
    valkey_client: redis.Redis, valkey_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancellation, "BEAT_SECONDS", 0)
    monkeypatch.setattr(cancellation, "TICK_SECONDS", 0.02)
    seen: list[list[int]] = []
    both = threading.Event()

    def alive(answer_ids: list[int]) -> None:
        seen.append(answer_ids)
        if answer_ids == [7, 8]:
            both.set()

    watch = watch_on(valkey_server, alive)
    with (
        watch.over(7, "duel:un:1", nothing, watch.listen()),
        watch.over(8, "duel:un:1", nothing, watch.listen()),
    ):
        assert both.wait(PATIENCE_SECONDS)
    assert set(map(len, seen)) <= {0, 1, 2}


def nothing() -> None:
    """Closes nothing."""
