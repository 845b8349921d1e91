"""The events of an answer reach its stream in order, in few entries, and again when Valkey was down."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup
from duels.relay import publisher as publisher_module
from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.publisher import StreamPublisher
from duels.relay.redis_stream import unshown_key
from duels.relay.subscription import follow
from tests.duels.relay.conftest import AsyncClient
from tests.services import valkey
from tests.waiting import until

Run = Callable[[Callable[[AsyncClient], Awaitable[None]]], None]
KEY, OTHER_KEY = "duel:essai:1", "duel:autre:1"


def published(client: redis.Redis, key: str = KEY) -> list[tuple[str, str]]:
    """Name and data of every event in the stream."""
    return [event for _, events in client.xrange(key) for event in events.items()]


def text_in(client: redis.Redis, key: str = KEY) -> str:
    return "".join(data for name, data in published(client, key) if name == "a-chunk")


def test_an_answer_begins_with_start_and_ends_with_its_final_event(
    client: redis.Redis, run_with_client: Run
) -> None:
    async def use(own: AsyncClient) -> None:
        answer = StreamPublisher(own).open(KEY, "a")
        answer.chunk("Bon")
        answer.chunk("jour")
        await answer.end("done")

    run_with_client(use)
    events = published(client)
    assert events[0] == ("a-start", "")
    assert events[-1] == ("a-done", "")
    assert text_in(client) == "Bonjour"


def test_an_abandoned_answer_publishes_nothing_more_even_after_a_loss(
    client: redis.Redis, run_with_client: Run
) -> None:
    async def use(own: AsyncClient) -> None:
        publisher = StreamPublisher(own)
        answer = publisher.open(KEY, "a")
        answer.chunk("Secret")
        await until(lambda: ("a-chunk", "Secret") in published(client))
        answer.abandon()
        await until(lambda: publisher.open_answers == 0)
        client.delete(KEY)
        publisher.resend_all()
        answer.chunk("Encore")
        publisher.open(OTHER_KEY, "a")
        await until(lambda: bool(published(client, OTHER_KEY)))  # whatever came before it has gone

    run_with_client(use)
    assert published(client) == []


def test_chunks_of_one_window_travel_as_one_event(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        answer = StreamPublisher(own).open(KEY, "a")
        await until(lambda: len(published(client)) == 1)  # the start is sent: the next window begins
        for number in range(100):
            answer.chunk(f"{number} ")
        await answer.end("done")

    run_with_client(use)
    chunks = [data for name, data in published(client) if name == "a-chunk"]
    assert chunks == ["".join(f"{number} " for number in range(100))]


def test_both_sides_of_one_window_travel_in_one_entry(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        publisher = StreamPublisher(own)
        sides = [publisher.open(KEY, side) for side in "ab"]
        for side in sides:
            side.chunk("bleu")
        await asyncio.gather(*(side.end("done") for side in sides))

    run_with_client(use)
    assert len(client.xrange(KEY)) == 1
    assert {name for name, _ in published(client)} == {
        f"{side}-{kind}" for side in "ab" for kind in ("start", "chunk", "done")
    }


def test_text_is_escaped_and_blocks_are_html(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        answer = StreamPublisher(own).open(KEY, "b")
        answer.endpoint(7)
        answer.reasoning("Je cher")
        answer.reasoning("che.")
        answer.chunk("<i>")
        answer.html("<p>&lt;i&gt;</p>", 3)
        answer.cut("length")
        await answer.end("done")

    run_with_client(use)
    assert published(client)[1:] == [
        ("b-reasoning", ""),
        ("b-chunk", "&lt;i&gt;"),
        ("b-html", "3\n<p>&lt;i&gt;</p>"),
        ("b-cut", "length"),
        ("b-done", ""),
    ]
    unshown = published(client, unshown_key(KEY))
    assert unshown == [("b-endpoint", "7"), ("b-thought", "Je cherche.")]


def test_two_answers_of_one_process_do_not_mix(client: redis.Redis, run_with_client: Run) -> None:
    async def use(own: AsyncClient) -> None:
        publisher = StreamPublisher(own)
        left, right = publisher.open(KEY, "a"), publisher.open(OTHER_KEY, "a")
        for number in range(50):
            left.chunk(f"g{number} ")
            right.chunk(f"d{number} ")
            await asyncio.sleep(0.001)
        await asyncio.gather(left.end("done"), right.end("done"))

    run_with_client(use)
    for key, letter in ((KEY, "g"), (OTHER_KEY, "d")):
        assert text_in(client, key) == "".join(f"{letter}{number} " for number in range(50))


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Of a Valkey that a test starts and ends itself."""
    monkeypatch.setattr(publisher_module, "RETRY_SECONDS", 0.05)
    return free_port()


def run_on(port: int, use: Callable[[AsyncClient], Awaitable[None]]) -> None:
    async def main() -> None:
        retry = Retry(NoBackoff(), 0)
        async with AsyncClient(port=port, decode_responses=True, retry=retry) as client:
            await use(client)

    asyncio.run(main())


@contextmanager
def client_on(port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=port, decode_responses=True) as client:
        yield client


@pytest.mark.slow
def test_an_answer_written_while_valkey_was_down_is_whole_once_it_is_back(
    process_group: ProcessGroup, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "FLUSH_SECONDS", 0.1)

    async def use(own: AsyncClient) -> None:
        answer = StreamPublisher(own).open(KEY, "a")
        answer.chunk("écrit ")
        answer.chunk("sans Valkey")
        await answer.end("done")  # returns although nothing could be sent
        assert not answer.flushed.is_set()
        valkey.start(process_group, tmp_path, port)  # ends with the thread that starts it
        await until(answer.flushed.is_set)

    run_on(port, use)
    with client_on(port) as client:
        assert published(client) == [
            ("a-start", ""),
            ("a-chunk", "écrit sans Valkey"),
            ("a-done", ""),
        ]


def test_to_a_valkey_that_comes_back_empty_all_is_sent_again(
    process_group: ProcessGroup, tmp_path: Path, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    valkey.start(process_group, tmp_path, port)

    async def use(own: AsyncClient) -> None:
        answer = StreamPublisher(own).open(KEY, "a")
        answer.chunk("avant ")
        with client_on(port) as client:
            await until(lambda: len(published(client)) == 2)
        process_group.stop([process_group.children[-1]])
        answer.chunk("pendant ")
        await until(lambda: "the streams cannot be written" in caplog.text)
        valkey.start(process_group, tmp_path, port)  # ends with the thread that starts it
        answer.chunk("après")
        await answer.end("done")
        await until(answer.flushed.is_set)
        assert await text_shown(own) == "avant pendant après"

    run_on(port, use)


async def text_shown(client: AsyncClient) -> str:
    """The text that a page that reads the stream shows on side a once this side has ended."""
    shown = ""
    async for batch in follow(StreamMultiplexer(client), KEY, idle_seconds=20):
        for event in batch:
            if event.name == "a-done":
                return shown
            shown = "" if event.name == "a-start" else shown + event.data * (event.name == "a-chunk")
    raise AssertionError(f"side a does not end: {shown}")
