"""What one page is told of a turn, from any point to its end."""

from collections.abc import AsyncIterator

from duels.relay.multiplexer import StreamMultiplexer
from duels.relay.redis_stream import (
    BATCH,
    Event,
    ended_sides_at,
    entry_id,
    is_over,
    read,
    rest_of_entry,
    update_ended,
)


async def follow(
    reader: StreamMultiplexer, key: str, last_id: str = "0", idle_seconds: float = 15
) -> AsyncIterator[list[Event]]:
    """Every event after `last_id`, as many at once as came together; an `end` once both sides have ended.

    From id 0, not from now: the worker may start before the page connects. Stops without `end` after
    `idle_seconds` of silence, so that the page comes back and is told what the database knows: the stream
    itself may have been lost with a restarted Redis.
    """
    ended = await ended_sides_at(reader.client, key, last_id)
    if rest := await rest_of_entry(reader.client, key, last_id):
        yield rest
    last_id = entry_id(last_id)
    while events := await _next(reader, key, last_id, 0 if is_over(ended) else idle_seconds):
        yield events
        for event in events:
            update_ended(ended, event.name)
        last_id = events[-1].id
        if is_over(ended) and len(events) < BATCH:  # after a full one, a side may begin again
            break
    if is_over(ended):
        yield [Event("end", id=last_id)]


async def _next(reader: StreamMultiplexer, key: str, last_id: str, seconds: float) -> list[Event]:
    if seconds:
        return await reader.wait(key, last_id, seconds)
    return (await read(reader.client, {key: last_id}, 0)).get(key, [])
