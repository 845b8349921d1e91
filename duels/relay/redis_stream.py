"""One Redis Stream per turn of a duel: workers append to it, pages follow it from any point."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple, cast

import redis
import redis.asyncio

SIDES = ("a", "b")
ENDINGS = {f"{side}-{ending}": side for side in SIDES for ending in ("done", "failed")}
LIFETIME_SECONDS = 3600  # long after the last reader; a finished turn is read from the database
BATCH = 500  # entries
ENTRY = 500  # events of one entry at most: a script hands on some thousands of words, not any number
# One command for whatever has been said, one entry for what is said at once of one turn: commands and entries
# of their own would cost everybody more. KEYS: each stream. ARGV: the seconds that a stream lives on, then of
# each stream how many words follow, and these: the name and the data of each event.
APPEND = """
local place = 2
for _, key in ipairs(KEYS) do
  local last = place + ARGV[place]
  redis.call('XADD', key, '*', unpack(ARGV, place + 1, last))
  redis.call('EXPIRE', key, ARGV[1])
  place = last + 1
end
"""


class Event(NamedTuple):
    """One event for the page; `data` is HTML.

    id: that of its entry in Redis; with « .1 », « .2 » … where others of the same entry follow.
    """

    name: str
    data: str = ""
    id: str = ""


def as_html(text: str) -> str:
    """Text made harmless inside HTML, character for character."""
    return escape(text, quote=False)


def append(client: redis.Redis, key: str, events: Sequence[Event]) -> None:
    """Adds the events to the stream, in order."""
    append_each(client, {key: events})


def append_each(client: redis.Redis, said: Mapping[str, Sequence[Event]]) -> None:
    """Adds its events to the stream of each key, in order, in one trip."""
    keys: list[str] = []
    words: list[str | int] = [LIFETIME_SECONDS]
    for key, events in said.items():
        for first in range(0, len(events), ENTRY):
            entry = [word for event in events[first : first + ENTRY] for word in (event.name, event.data)]
            keys.append(key)
            words += [len(entry), *entry]
    client.register_script(APPEND)(keys=keys, args=words)


def install_parsers(client: redis.asyncio.Redis) -> None:
    """Has this client give events where Redis tells entries, not dictionaries to be taken apart again."""
    client.set_response_callback("XREAD", _events_by_stream)
    client.set_response_callback("XRANGE", _events)


async def read(client: redis.asyncio.Redis, places: dict[str, str], seconds: float) -> dict[str, list[Event]]:
    """What comes after the entry given for each stream, waiting for it if need be; 0: only what is there."""
    block = int(seconds * 1000) or None  # to Redis, 0 means for ever
    found: Any = await client.xread(places, count=BATCH, block=block)  # type: ignore[arg-type]
    return cast(dict[str, list[Event]], found)


async def rest_of_entry(client: redis.asyncio.Redis, key: str, last_id: str) -> list[Event]:
    """What follows an event within its own entry."""
    entry_id, _, place = last_id.partition(".")
    events: Any = await client.xrange(key, min=entry_id, max=entry_id) if place else []
    return cast(list[Event], events)[int(place or 0) :]


def _events_by_stream(response: Any, **_: Any) -> dict[str, list[Event]]:
    return {key: _events(entries) for key, entries in dict(response or {}).items()}


def _events(response: Any, **_: Any) -> list[Event]:
    """response: of each entry its id and its words, a name and its data in turn."""
    return [event for entry_id, words in response for event in _of_entry(entry_id, words[::2], words[1::2])]


def _of_entry(entry_id: str, names: list[str], data: list[str]) -> list[Event]:
    ids = [*[f"{entry_id}.{place}" for place in range(1, len(names))], entry_id]
    return list(map(Event, names, data, ids))


def entry_id(event_id: str) -> str:
    """The id of the entry of an event."""
    return event_id.partition(".")[0]


def entry_position(event_id: str) -> tuple[int, int]:
    """What says which of two entries came first."""
    milliseconds, _, sequence = entry_id(event_id).partition("-")
    return int(milliseconds), int(sequence or 0)


def is_over(ended: set[str]) -> bool:
    """Whether both sides have ended."""
    return ended == set(SIDES)


def update_ended(ended: set[str], name: str) -> None:
    """A side has ended after its ending, and has not after a later start (a second try, a healed stream)."""
    if name in ENDINGS:
        ended.add(ENDINGS[name])
    elif name.endswith("-start"):
        ended.discard(name[0])


async def ended_sides_at(client: redis.asyncio.Redis, key: str, last_id: str) -> set[str]:
    """The sides whose ending lies in the entry of `last_id` or before it."""
    if last_id == "0":
        return set()
    ended: set[str] = set()
    for event in cast(list[Event], await client.xrange(key, max=entry_id(last_id))):
        update_ended(ended, event.name)
    return ended
