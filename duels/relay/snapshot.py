"""The events of one turn that have come so far, for a page that cannot follow its stream."""

import redis.asyncio

from duels.relay.redis_stream import (
    END,
    Event,
    ended_sides_at,
    entry_id,
    is_over,
    read,
    rest_of_entry,
    update_ended,
)


async def read_available(client: redis.asyncio.Redis, key: str, last_id: str = "0") -> list[Event]:
    """Every event after `last_id`, without waiting; `end` comes last once both sides have ended."""
    ended = await ended_sides_at(client, key, last_id)
    events = await rest_of_entry(client, key, last_id)
    last_id = entry_id(last_id)
    while batch := (await read(client, {key: last_id}, 0)).get(key, []):
        events += batch
        last_id = batch[-1].id
    for event in events:
        update_ended(ended, event.name)
    has_end = any(event.name == END for event in events)
    return [*events, Event(END, id=last_id)] if is_over(ended) and not has_end else events
