"""One Redis Stream per turn of a duel: workers append to it, pages follow it from any point."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import redis
import redis.asyncio

SIDES = ("a", "b")
ENDINGS = {f"{side}-{ending}": side for side in SIDES for ending in ("done", "failed")}
PIECES = {f"{side}-{piece}" for side in SIDES for piece in ("chunk", "reasoning")}
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
        if event.name not in PIECES:  # an answer takes minutes, its stream stays an hour
            client.expire(key, LIFETIME_SECONDS)


async def read(client: redis.asyncio.Redis, places: dict[str, str], seconds: float) -> dict[str, list[Event]]:
    """What comes after the place given for each stream, waiting for it if need be; 0: only what is there."""
    block = int(seconds * 1000) or None  # to Redis, 0 means for ever
    answer: Any = await client.xread(places, count=BATCH, block=block)  # type: ignore[arg-type]
    found: list[tuple[str, Entries]] = answer or []
    return {key: [_event(*entry) for entry in entries] for key, entries in found}


def _event(entry_id: str, fields: dict[str, str]) -> Event:
    return Event(fields["name"], fields["data"], entry_id)


def order_of(entry_id: str) -> tuple[int, int]:
    """What says which of two entries came first."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)


def is_over(ended: set[str]) -> bool:
    """Whether both sides have ended."""
    return ended == set(SIDES)


def note_ending(ended: set[str], name: str) -> None:
    """A side has ended after its ending, and has not after a later start (a second try, a healed stream)."""
    if name in ENDINGS:
        ended.add(ENDINGS[name])
    elif name.endswith("-start"):
        ended.discard(name[0])


async def ended_until(client: redis.asyncio.Redis, key: str, last_id: str) -> set[str]:
    """The sides whose ending lies at or before `last_id`."""
    if last_id == "0":
        return set()
    ended: set[str] = set()
    for _, fields in cast(Entries, await client.xrange(key, max=last_id)):
        note_ending(ended, fields["name"])
    return ended
