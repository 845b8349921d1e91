"""Server-Sent Events, as models' servers write them."""

MAX_LINE_BYTES = 1_000_000  # some servers send a whole answer in one event; none needs more


class LineTooLong(ValueError):
    """A line without end."""


class EventDecoder:
    """Decodes bytes, cut anywhere, into the data of each event.

    Each `data:` line is one event, as every OpenAI-compatible server writes it, even without the empty line
    that should follow. Comments and other fields are skipped. Older llama.cpp servers send an error in a line
    `error: {...}`: it counts as data.
    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
    """

    def __init__(self) -> None:
        self._unfinished = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The events that are complete so far; raises LineTooLong."""
        lines = (self._unfinished + data).split(b"\n")
        self._unfinished = lines.pop()
        if len(self._unfinished) > MAX_LINE_BYTES:
            raise LineTooLong(f"a line of more than {MAX_LINE_BYTES} bytes")
        return [line.partition(b":")[2].strip() for line in lines if line.startswith((b"data:", b"error:"))]

    def flush(self) -> list[bytes]:
        """The last event, whose line the end of the stream ends."""
        return self.feed(b"\n")
