"""Server-Sent Events, as models' servers write them."""

from typing import NamedTuple

from backends.openai.lenient_json import is_json

MAX_LINE_BYTES = 1_000_000  # some servers send a whole answer in one event; none needs more
MAX_JOINED_LINES = 100
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LineTooLong(ValueError):
    """A line, or an event of several lines, without end."""


class ServerEvent(NamedTuple):
    name: str  # of its `event:` line, in lower case; empty for most
    data: bytes


class EventDecoder:
    """Decodes bytes, cut anywhere, into events.

    Each `data:` line that is whole JSON is one event, as every OpenAI-compatible server writes it, even
    without the empty line that should follow; the lines of one that is not are joined. Comments and other
    fields are skipped. Older llama.cpp servers send an error in a line `error: {...}`, proxies an object
    alone, some frameworks `data: data: {...}`: all count as data.
    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
    """

    def __init__(self) -> None:
        self._unfinished = b""
        self._name = ""
        self._data: list[bytes] = []
        self._after_carriage_return = False

    @property
    def is_between_events(self) -> bool:
        """Whether nothing of an event has come yet."""
        return not (self._unfinished or self._name or self._data or self._after_carriage_return)

    def feed(self, data: bytes) -> list[ServerEvent]:
        """The events that are complete so far; raises LineTooLong."""
        lines = (self._unfinished + self._line_feeds(data)).split(b"\n")
        self._unfinished = lines.pop()
        if len(self._unfinished) > MAX_LINE_BYTES:
            raise LineTooLong(f"a line of more than {MAX_LINE_BYTES} bytes")
        events: list[ServerEvent] = []
        for line in lines:
            self._take_line(line, events)
        if self._data and self._is_whole():
            self._end_event(events)
        return events

    def flush(self) -> list[ServerEvent]:
        """The last event, whose line the end of the stream ends."""
        return self.feed(b"\n\n")

    def _line_feeds(self, data: bytes) -> bytes:
        """The bytes with every line ended by a line feed alone."""
        if self._after_carriage_return:
            data = data.removeprefix(b"\n") if data else data
        if data:
            self._after_carriage_return = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data

    def _take_line(self, line: bytes, events: list[ServerEvent]) -> None:
        line = line.removeprefix(BYTE_ORDER_MARK)
        if not line:
            if self._data:
                self._end_event(events)
            self._name = ""
        elif line.startswith((b"data:", b"error:", b"{")):
            if self._data and self._is_whole():
                self._end_event(events)
            self._data.append(_value(line))
            if len(self._data) > MAX_JOINED_LINES or sum(map(len, self._data)) > MAX_LINE_BYTES:
                raise LineTooLong(f"an event of {len(self._data)} lines")
        elif line.startswith(b"event:"):
            if self._data:
                self._end_event(events)
            self._name = line[6:].strip().decode("utf-8", "replace").lower()

    def _is_whole(self) -> bool:
        """Whether the data so far can end here: anything but the beginning of a JSON object."""
        first, last = self._data[0], self._data[-1]
        return not first.startswith(b"{") or (last.endswith(b"}") and is_json(b"\n".join(self._data)))

    def _end_event(self, events: list[ServerEvent]) -> None:
        events.append(ServerEvent(self._name, b"\n".join(self._data)))
        self._data = []


def _value(line: bytes) -> bytes:
    """The value of a line, behind its field name."""
    if line.startswith(b"{"):
        return line
    value = line.partition(b":")[2].strip()
    while value.startswith(b"data:"):
        value = value[5:].strip()
    return value.removeprefix(BYTE_ORDER_MARK)
