"""What an answer says reaches its stream in order, in few events, and heals when Redis was away."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup
from duels.relay import publisher as outbox_module
from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.publisher import StreamPublisher
from duels.relay.redis_stream import Event
from duels.relay.subscription import follow
from tests.services import valkey

KEY = "duel:essai:1"


def written(client: redis.Redis, key: str = KEY) -> list[tuple[str, str]]:
    """Name and data of every event in the stream."""
    return [event for _, events in client.xrange(key) for event in events.items()]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_answer_begins_with_start_and_finishes_with_its_ending(client: redis.Redis) -> None:
    channel = StreamPublisher(client).open(KEY, "a")
    channel.chunk("Bon")
    channel.chunk("jour")
    channel.end("done", "<p>Bonjour</p>")
    events = written(client)
    assert events[0] == ("a-start", "")
    assert events[-1] == ("a-done", "<p>Bonjour</p>")
    assert "".join(data for name, data in events if name == "a-chunk") == "Bonjour"


def test_an_abandoned_answer_says_nothing_more_even_after_a_loss(client: redis.Redis) -> None:
    outbox = StreamPublisher(client)
    channel = outbox.open(KEY, "a")
    channel.chunk("Secret")
    wait_until(lambda: ("a-chunk", "Secret") in written(client))
    channel.abandon()
    wait_until(lambda: not outbox._channels)
    client.delete(KEY)
    outbox._say_all_again()
    channel.chunk("Encore")
    outbox.open("duel:autre:1", "a")
    wait_until(lambda: bool(written(client, "duel:autre:1")))  # whatever was said before it has gone
    assert written(client) == []


def test_chunks_of_one_window_travel_as_one_event(client: redis.Redis) -> None:
    channel = StreamPublisher(client, window_seconds=0.2).open(KEY, "a")
    wait_until(lambda: len(written(client)) == 1)  # the start is away: the next window begins
    for number in range(100):
        channel.chunk(f"{number} ")
    channel.end("done", "")
    chunks = [data for name, data in written(client) if name == "a-chunk"]
    assert "".join(chunks) == "".join(f"{number} " for number in range(100))
    assert len(chunks) <= 2


def test_text_is_escaped_and_the_ending_is_html(client: redis.Redis) -> None:
    channel = StreamPublisher(client).open(KEY, "b")
    channel.chunk("<b> & co", reasoning=True)
    channel.chunk("<i>")
    channel.end("done", "<p>&lt;i&gt;</p>")
    assert written(client)[1:] == [
        ("b-reasoning", "&lt;b&gt; &amp; co"),
        ("b-chunk", "&lt;i&gt;"),
        ("b-done", "<p>&lt;i&gt;</p>"),
    ]


def test_two_answers_of_one_process_do_not_mix(client: redis.Redis) -> None:
    outbox = StreamPublisher(client)
    left, right = outbox.open(KEY, "a"), outbox.open("duel:autre:1", "a")
    for number in range(50):
        left.chunk(f"g{number} ")
        right.chunk(f"d{number} ")
    left.end("done", "")
    right.end("done", "")
    for key, letter in ((KEY, "g"), ("duel:autre:1", "d")):
        text = "".join(data for name, data in written(client, key) if name == "a-chunk")
        assert text == "".join(f"{letter}{number} " for number in range(50))


def test_an_answer_written_while_redis_was_away_is_whole_once_it_is_back(
    process_group: ProcessGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "PAUSE_WHEN_DOWN_SECONDS", 0.05)
    port = free_port()
    client = redis.Redis(port=port, decode_responses=True)
    channel = StreamPublisher(client).open(KEY, "a")
    channel.chunk("écrit ")
    channel.chunk("sans Redis")
    channel.end("done", "<p>écrit sans Redis</p>")  # comes back although nothing could be sent
    valkey.start(process_group, tmp_path, port)
    assert channel.flushed.wait(10)
    assert written(client) == [
        ("a-start", ""),
        ("a-chunk", "écrit sans Redis"),
        ("a-done", "<p>écrit sans Redis</p>"),
    ]
    client.close()


def test_a_redis_that_comes_back_empty_is_told_all_again(
    process_group: ProcessGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "PAUSE_WHEN_DOWN_SECONDS", 0.05)
    port = free_port()
    valkey.start(process_group, tmp_path, port)
    client = redis.Redis(port=port, decode_responses=True, retry=Retry(NoBackoff(), 0))
    channel = StreamPublisher(client).open(KEY, "a")
    channel.chunk("avant ")
    wait_until(lambda: len(written(client)) == 2)
    process_group.stop([process_group.children[-1]])
    channel.chunk("pendant ")
    time.sleep(0.2)  # a few tries in vain
    valkey.start(process_group, tmp_path, port)
    channel.chunk("après")
    channel.end("done", "<p>fin</p>")
    wait_until(lambda: channel.flushed.is_set())
    assert text_shown(f"redis://127.0.0.1:{port}/0") == "avant pendant après"
    client.close()


def text_shown(url: str) -> str:
    """What a page that reads the whole stream shows on side a."""

    async def events() -> list[Event]:
        async with redis.asyncio.Redis.from_url(url, decode_responses=True) as client:
            batches = [batch async for batch in follow(StreamMultiplexer(client), KEY, idle_seconds=0.1)]
            return [event for batch in batches for event in batch]

    shown = ""
    for event in asyncio.run(events()):
        shown = "" if event.name == "a-start" else shown + event.data * (event.name == "a-chunk")
    return shown
