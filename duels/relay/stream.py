"""One Redis Stream per turn of a duel: workers append to it, pages follow it from any point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import redis
import redis.asyncio

SIDES = ("a", "b")
ENDINGS = {f"{side}-{ending}": side for side in SIDES for ending in ("done", "failed")}
LIFETIME_SECONDS = 3600  # long after the last reader; a finished turn is read from the database
BATCH = 500
# One command for whatever has been said: each XADD of its own would cost a worker three times as much.
# KEYS: the stream of each event. ARGV: the seconds that a stream lives on, then name and data of each event.
APPEND = """
for i, key in ipairs(KEYS) do
  redis.call('XADD', key, '*', 'name', ARGV[2 * i], 'data', ARGV[2 * i + 1])
  redis.call('EXPIRE', key, ARGV[1])
end
"""

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
    append_each(client, [(key, event) for event in events])


def append_each(client: redis.Redis, said: Sequence[tuple[str, Event]]) -> None:
    """Adds each event to the stream of its key, in order, in one trip."""
    fields = [field for _, event in said for field in (event.name, event.data)]
    client.register_script(APPEND)(keys=[key for key, _ in said], args=[LIFETIME_SECONDS, *fields])


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
