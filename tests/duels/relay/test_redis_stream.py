"""A stream can be followed from any point, as often as one likes, to the same end."""

import asyncio
import time
from html import unescape
from itertools import islice

import pytest
import redis
import redis.asyncio
from hypothesis import given
from hypothesis import strategies as st

from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.redis_stream import BATCH, LIFETIME_SECONDS, Event, append, append_each, as_html, html_data
from duels.relay.subscription import follow

KEY = "duel:essai:1"
BOTH_SIDES = [
    Event("a-start"),
    Event("b-start"),
    Event("a-chunk", "bleu"),
    Event("a-done", "<p>bleu</p>"),
    Event("b-chunk", "vert"),
    Event("b-done", "<p>vert</p>"),
]


def followed(url: str, last_id: str = "0", idle_seconds: float = 20) -> list[Event]:
    """All that a page receives until the end, or until a silence as long as that."""

    async def read() -> list[Event]:
        async with redis.asyncio.Redis.from_url(url, decode_responses=True) as client:
            batches = [batch async for batch in follow(StreamMultiplexer(client), KEY, last_id, idle_seconds)]
            return [event for batch in batches for event in batch]

    return asyncio.run(read())


def append_apart(client: redis.Redis, events: list[Event]) -> None:
    """Each event as an entry of its own."""
    for event in events:
        append(client, KEY, [event])


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_blocks_say_how_much_text_they_replace() -> None:
    assert html_data("<p>un</p>\n", 4) == "4\n<p>un</p>\n"
    assert html_data("<p>un</p>\n", None) == "all\n<p>un</p>\n"


def test_a_stream_is_read_from_its_start_to_both_endings(client: redis.Redis, valkey_server: str) -> None:
    append(client, KEY, BOTH_SIDES)
    events = followed(valkey_server)
    assert [(event.name, event.data) for event in events[:-1]] == [
        (event.name, event.data) for event in BOTH_SIDES
    ]
    assert names(events)[-1] == "end"


@pytest.mark.parametrize("cuts", [[6], [1, 1, 1, 1, 1, 1], [2, 1, 3], [3, 3]])
def test_from_every_point_the_rest_is_read_once(
    client: redis.Redis, valkey_server: str, cuts: list[int]
) -> None:
    """Whether events came in one entry or in several: a line may be cut between any two."""
    events = iter(BOTH_SIDES)
    for cut in cuts:
        append(client, KEY, list(islice(events, cut)))
    whole = followed(valkey_server)
    assert [event[:2] for event in whole[:-1]] == [event[:2] for event in BOTH_SIDES]
    assert len({event.id for event in whole[:-1]}) == len(BOTH_SIDES)
    for place, event in enumerate(whole[:-1], start=1):
        assert followed(valkey_server, event.id) == whole[place:]


def test_a_stream_that_was_ended_for_a_deleted_duel_is_over_at_once(
    client: redis.Redis, valkey_server: str
) -> None:
    append(client, KEY, [*BOTH_SIDES[:3], Event("end")])
    began = time.monotonic()
    events = followed(valkey_server)
    assert names(events) == [*names(BOTH_SIDES[:3]), "end"]
    assert time.monotonic() - began < 10  # half of the silence


def test_silence_ends_a_stream_without_end(client: redis.Redis, valkey_server: str) -> None:
    append(client, KEY, BOTH_SIDES[:-1])
    assert names(followed(valkey_server, idle_seconds=1)) == [event.name for event in BOTH_SIDES[:-1]]


def test_a_stream_that_was_never_written_is_only_silent(client: redis.Redis, valkey_server: str) -> None:
    assert followed(valkey_server, idle_seconds=0.05) == []


def test_what_is_written_while_a_page_waits_reaches_it(client: redis.Redis, valkey_server: str) -> None:
    async def read() -> list[Event]:
        async with redis.asyncio.Redis.from_url(valkey_server, decode_responses=True) as reading:
            events: list[Event] = []
            async for batch in follow(StreamMultiplexer(reading), KEY, idle_seconds=5):
                if not events:
                    append(client, KEY, BOTH_SIDES[1:])
                events += batch
            return events

    append(client, KEY, BOTH_SIDES[:1])
    assert names(asyncio.run(read())) == [*names(BOTH_SIDES), "end"]


def test_a_side_that_began_again_has_not_ended(client: redis.Redis, valkey_server: str) -> None:
    append(client, KEY, [*BOTH_SIDES, Event("a-start")])
    assert "end" not in names(followed(valkey_server, idle_seconds=0.05))
    append(client, KEY, [Event("a-done")])
    assert names(followed(valkey_server)).count("end") == 1


def test_a_second_try_is_seen_where_the_first_ending_ends_a_batch(
    client: redis.Redis, valkey_server: str
) -> None:
    words = [Event("b-chunk", "mot ")] * (BATCH - 2)
    append_apart(client, [*words, Event("b-done"), Event("a-failed"), Event("a-start"), Event("a-done")])
    events = names(followed(valkey_server))
    assert events[-3:] == ["a-start", "a-done", "end"]
    assert events.count("end") == 1


def test_a_stream_lives_an_hour_after_its_last_event(client: redis.Redis) -> None:
    append(client, KEY, BOTH_SIDES[:1])
    client.expire(KEY, 5)
    append(client, KEY, BOTH_SIDES[1:])
    assert LIFETIME_SECONDS - 5 < client.ttl(KEY) <= LIFETIME_SECONDS


def test_events_of_several_streams_go_in_one_trip_each_in_its_order(client: redis.Redis) -> None:
    for word in ("un", "deux"):
        append_each(
            client, {key: [Event("a-chunk", word), Event("b-chunk", key)] for key in (KEY, "duel:autre:1")}
        )
    for key in (KEY, "duel:autre:1"):
        entries = [events for _, events in client.xrange(key)]
        assert entries == [{"a-chunk": word, "b-chunk": key} for word in ("un", "deux")]


def test_any_number_of_events_goes_in_one_trip(client: redis.Redis, valkey_server: str) -> None:
    """As of a model that thinks and writes in turn, when a lost stream is published again."""
    said = [Event(f"a-{('chunk', 'reasoning')[number % 2]}", f"{number} ") for number in range(10_001)]
    append(client, KEY, [*said, Event("a-done"), Event("b-done")])
    entries = followed(valkey_server)
    assert [event.data for event in entries[: len(said)]] == [event.data for event in said]
    assert names(entries)[-3:] == ["a-done", "b-done", "end"]


def test_a_stream_does_not_stay_for_ever(client: redis.Redis) -> None:
    append(client, KEY, BOTH_SIDES)
    assert 0 < int(client.ttl(KEY)) <= LIFETIME_SECONDS


@given(st.text())
def test_escaped_text_reads_as_it_was_and_holds_no_markup(text: str) -> None:
    escaped = as_html(text)
    assert unescape(escaped) == unescape(unescape(escaped)) or "&" in text
    assert "<" not in escaped
    assert ">" not in escaped
