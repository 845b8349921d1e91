"""One Redis Stream per turn of a duel: workers append to it, pages follow it from any point."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import redis
import redis.asyncio

SIDES = ("a", "b")
ENDINGS = {f"{side}-{ending}": side for side in SIDES for ending in ("done", "failed")}
LIFETIME_SECONDS = 3600  # long after the last reader; a finished turn is read from the database
BATCH = 500

Entries = list[tuple[str, dict[str, str]]]  # what a client with decode_responses gives


@dataclass(frozen=True, slots=True)
class Event:
    """One event for the page; `data` is HTML, `id` the id that Redis gave it."""

    name: str
    data: str = ""
    id: str = ""


def as_html(text: str) -> str:
    """Text made harmless inside HTML, character for character."""
    return escape(text, quote=False)


def append(client: redis.Redis, key: str, events: Iterable[Event]) -> None:
    """Adds the events to the stream, in order."""
    for event in events:
        client.xadd(key, {"name": event.name, "data": event.data})
    client.expire(key, LIFETIME_SECONDS)


async def follow(
    client: redis.asyncio.Redis, key: str, last_id: str = "0", idle_seconds: float = 15
) -> AsyncIterator[Event]:
    """Every event after `last_id`, then an `end` once both sides have ended.

    From id 0, not from now: the worker may start before the page connects. Stops without `end` after
    `idle_seconds` of silence, so that the page comes back and is told what the database knows: the stream
    itself may have been lost with a restarted Redis.
    """
    ended = await _ended_until(client, key, last_id)
    # Once more after both endings, without waiting: a side may have been started again since.
    while events := await _read(client, key, last_id, 0 if _is_over(ended) else idle_seconds):
        for event in events:
            yield event
            _note_ending(ended, event.name)
        last_id = events[-1].id
    if _is_over(ended):
        yield Event("end", id=last_id)


def _is_over(ended: set[str]) -> bool:
    return ended == set(SIDES)


def _note_ending(ended: set[str], name: str) -> None:
    """A side has ended after its ending, and has not after a later start (a second try, a healed stream)."""
    if name in ENDINGS:
        ended.add(ENDINGS[name])
    elif name.endswith("-start"):
        ended.discard(name[0])


async def _read(client: redis.asyncio.Redis, key: str, last_id: str, idle_seconds: float) -> list[Event]:
    """What comes after `last_id`, waiting for it if need be; `idle_seconds` 0: only what is there."""
    block = int(idle_seconds * 1000) or None  # to Redis, 0 means for ever
    answer: Any = await client.xread({key: last_id}, count=BATCH, block=block)
    entries: Entries = answer[0][1] if answer else []
    return [Event(fields["name"], fields["data"], entry_id) for entry_id, fields in entries]


async def _ended_until(client: redis.asyncio.Redis, key: str, last_id: str) -> set[str]:
    """The sides whose ending lies at or before `last_id`."""
    if last_id == "0":
        return set()
    ended: set[str] = set()
    for _, fields in cast(Entries, await client.xrange(key, max=last_id)):
        _note_ending(ended, fields["name"])
    return ended
