"""One Redis Stream per turn of a duel: workers append to it, pages read it from any point."""

from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any, NamedTuple, cast

import orjson
import redis
import redis.asyncio

SIDES = ("a", "b")
END = "end"  # no event follows
ENDPOINT, THOUGHT = "endpoint", "thought"  # events of `unshown_key`; the first of them empties its side
ENDINGS = {f"{side}-{ending}": side for side in SIDES for ending in ("done", "failed")}
LIFETIME_SECONDS = 3600  # long after the last reader; a finished turn is read from the database
BATCH = 500  # entries of one read
MAX_ENTRY_EVENTS = 500  # Lua's unpack takes some thousands of arguments, not any number
# One command for all streams, one entry for the events of one turn that are sent together: each command and
# entry costs worker, Valkey and pages. KEYS: one stream per entry. ARGV: the lifetime of a stream in seconds,
# and the entries as JSON, each a list of names and data in turn: as arguments, each string would be encoded
# by itself.
APPEND = """
for place, fields in ipairs(cjson.decode(ARGV[2])) do
  redis.call('XADD', KEYS[place], '*', unpack(fields))
  redis.call('EXPIRE', KEYS[place], ARGV[1])
end
"""


class Event(NamedTuple):
    """One event for the page; `data` is HTML.

    id: of its entry in Valkey; with « .1 », « .2 » … for all but the last event of an entry.
    """

    name: str
    data: str = ""
    id: str = ""


def as_html(text: str) -> str:
    """Text escaped for HTML."""
    return escape(text, quote=False)


def html_data(html: str, units: int | None) -> str:
    """Data of an `html` event: on its first line the UTF-16 units of text it replaces, or `all`."""
    return f"{'all' if units is None else units}\n{html}"


def append(client: redis.Redis, key: str, events: Sequence[Event]) -> None:
    """Append the events to the stream, in order."""
    append_each(client, {key: events})


def append_each(client: redis.Redis, events_by_key: Mapping[str, Sequence[Event]]) -> None:
    """Append its events to the stream of each key, in order, in one round trip."""
    keys, arguments = _append_arguments(events_by_key)
    client.register_script(APPEND)(keys, arguments)


async def publish_each(client: redis.asyncio.Redis, events_by_key: Mapping[str, Sequence[Event]]) -> None:
    """append_each for an event loop."""
    keys, arguments = _append_arguments(events_by_key)
    await client.register_script(APPEND)(keys, arguments)


def _append_arguments(events_by_key: Mapping[str, Sequence[Event]]) -> tuple[list[str], list[int | bytes]]:
    """KEYS and ARGV of the script."""
    keys: list[str] = []
    entries: list[list[str]] = []
    for key, events in events_by_key.items():
        for first in range(0, len(events), MAX_ENTRY_EVENTS):
            entry = events[first : first + MAX_ENTRY_EVENTS]
            keys.append(key)
            entries.append([field for event in entry for field in (event.name, event.data)])
    return keys, [LIFETIME_SECONDS, orjson.dumps(entries)]


def text_shown(client: redis.Redis, key: str, side: str) -> str:
    """The text of one side that the stream has brought to pages so far. client: with parsers installed."""
    texts: list[str] = []
    for event in cast(list[Event], client.xrange(key)):
        if event.name == f"{side}-start":
            texts.clear()
        elif event.name == f"{side}-chunk":
            texts.append(unescape(event.data))
    return "".join(texts)


def unshown_key(key: str) -> str:
    """The stream of what workers write of a turn and no page is sent: it names the model."""
    return f"{key}:unshown"


class Unshown(NamedTuple):
    """The output of a worker for one side that no page was sent."""

    endpoint_id: int | None  # that answers
    reasoning: str


def read_unshown(client: redis.Redis, key: str, side: str) -> Unshown:
    """client: with parsers installed; key: of the stream of the turn."""
    endpoint_id, reasoning = None, list[str]()
    for event in cast(list[Event], client.xrange(unshown_key(key))):
        if event.name == f"{side}-{ENDPOINT}":
            endpoint_id = int(event.data) if event.data else None
            reasoning.clear()
        elif event.name == f"{side}-{THOUGHT}":
            reasoning.append(event.data)
    return Unshown(endpoint_id, "".join(reasoning))


def install_parsers(client: redis.Redis | redis.asyncio.Redis) -> None:
    """Make this client return events instead of dictionaries for XREAD and XRANGE."""
    client.set_response_callback("XREAD", _events_by_stream)
    client.set_response_callback("XRANGE", _events)


async def read(
    client: redis.asyncio.Redis, positions: dict[str, str], seconds: float
) -> dict[str, list[Event]]:
    """The events after the given entry of each stream, after at most `seconds`; 0 does not wait."""
    block = int(seconds * 1000) or None  # for Valkey, 0 means for ever
    found: Any = await client.xread(positions, count=BATCH, block=block)  # type: ignore[arg-type]
    return cast(dict[str, list[Event]], found)


async def rest_of_entry(client: redis.asyncio.Redis, key: str, last_id: str) -> list[Event]:
    """The events that follow an event in its own entry."""
    entry, _, position = last_id.partition(".")
    events: Any = await client.xrange(key, min=entry, max=entry) if position else []
    return cast(list[Event], events)[int(position or 0) :]


def _events_by_stream(response: Any, **_: Any) -> dict[str, list[Event]]:
    return {key: _events(entries) for key, entries in dict(response or {}).items()}


def _events(response: Any, **_: Any) -> list[Event]:
    """response: for each entry its id and its fields, a name and its data in turn."""
    return [event for entry, fields in response for event in _entry_events(entry, fields[::2], fields[1::2])]


def _entry_events(entry: str, names: list[str], data: list[str]) -> list[Event]:
    ids = [*[f"{entry}.{number}" for number in range(1, len(names))], entry]
    return list(map(Event, names, data, ids))


def entry_id(event_id: str) -> str:
    """The id of the entry of an event."""
    return event_id.partition(".")[0]


def entry_position(event_id: str) -> tuple[int, int]:
    """A sort key of entries: the earlier is smaller."""
    milliseconds, _, sequence = entry_id(event_id).partition("-")
    return int(milliseconds), int(sequence or 0)


def is_over(ended: set[str]) -> bool:
    """Whether both sides have ended."""
    return ended == set(SIDES)


def update_ended(ended: set[str], name: str) -> None:
    """Add a side at its final event; remove it at a later start (a retry, a stream that is sent again)."""
    if name in ENDINGS:
        ended.add(ENDINGS[name])
    elif name.endswith("-start"):
        ended.discard(name[0])


async def ended_sides_at(client: redis.asyncio.Redis, key: str, last_id: str) -> set[str]:
    """The sides whose final event is in the entry of `last_id` or before it."""
    if last_id == "0":
        return set()
    ended: set[str] = set()
    for event in cast(list[Event], await client.xrange(key, max=entry_id(last_id))):
        update_ended(ended, event.name)
    return ended
