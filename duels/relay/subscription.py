"""The events of one turn for one page, from any point to the end."""

from collections.abc import AsyncIterator

from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.redis_stream import (
    BATCH,
    END,
    Event,
    ended_sides_at,
    entry_id,
    is_over,
    read,
    rest_of_entry,
    update_ended,
)


async def follow(
    multiplexer: StreamMultiplexer, key: str, last_id: str = "0", idle_seconds: float = 15
) -> AsyncIterator[list[Event]]:
    """Every event after `last_id`, in batches as they were sent; an `end` once both sides have ended.

    From id 0, not from now: the worker may start before the page connects. Stops without `end` after
    `idle_seconds` of silence, so that the page reconnects and reads what the database holds: the stream may
    have been lost with a restarted Valkey. An `end` in the stream, of a deleted duel, is the last event.
    """
    ended = await ended_sides_at(multiplexer.client, key, last_id)
    if rest := await rest_of_entry(multiplexer.client, key, last_id):
        yield rest
    last_id = entry_id(last_id)
    while True:
        if is_over(ended):
            events = (await read(multiplexer.client, {key: last_id}, 0)).get(key, [])
        else:
            events = await multiplexer.wait(key, last_id, idle_seconds)
        if not events:
            break
        yield events
        if any(event.name == END for event in events):
            return
        for event in events:
            update_ended(ended, event.name)
        last_id = events[-1].id
        if is_over(ended) and len(events) < BATCH:  # after a full batch, a side may start again
            break
    if is_over(ended):
        yield [Event(END, id=last_id)]
