"""The form of a body, decided by its first bytes: servers' labels are often wrong."""

from enum import Enum, auto

from backends.openai.lenient_json import is_json
from backends.openai.sse import BYTE_ORDER_MARK, EventDecoder, ServerEvent

MAX_WHOLE_BODY_BYTES = 2_000_000  # of an answer that is not streamed


class Form(Enum):
    UNKNOWN = auto()  # nothing but white space so far
    EVENTS = auto()  # Server-Sent Events
    LINES = auto()  # one JSON object per line
    WHOLE = auto()  # one JSON document, or not yet distinguished from LINES


class BodyDecoder:
    """Decodes bytes, cut anywhere, into events; a whole body is one event, at its end."""

    def __init__(self) -> None:
        self.form = Form.UNKNOWN
        self.is_full = False  # of a whole body that nobody needs
        self._held = b""
        self._events = EventDecoder()
        self._is_first_line = True

    @property
    def is_between_events(self) -> bool:
        """Whether the next byte is the first of a Server-Sent Event."""
        return self.form is Form.EVENTS and self._events.is_between_events

    def feed(self, data: bytes) -> list[ServerEvent]:
        """The events that are complete so far; raises LineTooLong."""
        if self.form is not Form.EVENTS:
            data, self._held = self._held + data, b""
        if self.form is Form.UNKNOWN:
            self.form, data = _decide(data)
        if self.form is Form.EVENTS:
            return self._events.feed(data)
        self._held = data
        return [] if self.form is Form.UNKNOWN else self._take_lines()

    def flush(self) -> list[ServerEvent]:
        """The last event, or the whole body."""
        if self.form is Form.EVENTS:
            return self._events.flush()
        rest, self._held = self._held.strip(), b""
        return [ServerEvent("", rest)] if rest else []

    def _take_lines(self) -> list[ServerEvent]:
        if self.form is Form.WHOLE and self._is_first_line and b"\n" in self._held:
            self._is_first_line = False
            first = self._held.partition(b"\n")[0].strip()
            self.form = Form.LINES if first.startswith(b"{") and is_json(first) else Form.WHOLE
        if self.form is Form.WHOLE:
            self.is_full = len(self._held) >= MAX_WHOLE_BODY_BYTES
            return []
        *lines, self._held = self._held.split(b"\n")
        self.is_full = len(self._held) >= MAX_WHOLE_BODY_BYTES
        return [ServerEvent("", line.strip()) for line in lines if line.strip()]


def _decide(data: bytes) -> tuple[Form, bytes]:
    """The form, and the bytes without a byte-order mark and white space."""
    if len(data) < len(BYTE_ORDER_MARK) and BYTE_ORDER_MARK.startswith(data):
        return Form.UNKNOWN, data
    data = data.removeprefix(BYTE_ORDER_MARK).lstrip()
    if not data:
        return Form.UNKNOWN, data
    return Form.WHOLE if data.startswith((b"{", b"[")) else Form.EVENTS, data
